"""The user's own pictures by class: the sub-folders of CONVSCOPE_PICTURES_DIR."""

from __future__ import annotations

from app.services.datasets import decoded
from app.services.datasets.errors import DatasetDamagedError, DatasetMissingError
from app.services.datasets.idx import Bytes, Split
from app.services.datasets.places import Places, Progress
from app.services.datasets.sets import About, Half
from app.services.datasets.tree import Tree, tree
from app.services.images import ImageError

DEFAULT_SIDE = 64


class FolderSet:
    """Pictures in files; what is no picture is left out and told."""

    card = About(
        "Folder of pictures",
        "Your own pictures: each sub-folder is a class. Sub-folders train and test are kept "
        "apart; without them about a fifth of each class is for testing.",
        "This machine, CONVSCOPE_PICTURES_DIR",
        "your own",
        (3, DEFAULT_SIDE, DEFAULT_SIDE),
    )

    def classes(self, places: Places) -> tuple[str, ...]:
        """The names of the sub-folders."""
        return self._tree(places).classes

    def count(self, split: Split, places: Places) -> int:
        """How many files a split has; some of them may turn out to be no pictures."""
        return len(self._tree(places).files(split))

    def half(
        self, split: Split, places: Places, side: int, progress: Progress | None = None
    ) -> Half:
        """A split's pictures, ``side``×``side``. Raises DatasetTooLargeError as well."""
        return decoded.half(self._tree(places), split, side, places.cache_dir, progress)

    def picture(self, split: Split, index: int, places: Places) -> Bytes:
        """The middle of one picture, H×H×3, at most 256 pixels a side."""
        return one(self._tree(places), split, index)

    def _tree(self, places: Places) -> Tree:
        if places.pictures_dir is None or not places.pictures_dir.is_dir():
            raise DatasetMissingError(
                "The server was given no folder of pictures: name one in CONVSCOPE_PICTURES_DIR, "
                "with a sub-folder for each class, and start it again."
            )
        return tree(places.pictures_dir)


def one(found: Tree, split: Split, index: int) -> Bytes:
    """One picture of a tree. Raises IndexError, DatasetDamagedError."""
    name = found.files(split)[index].name
    try:
        return decoded.square(found.root / name, name, None)
    except ImageError as error:
        raise DatasetDamagedError(str(error)) from error


FOLDER = FolderSet()
