"""What a network says, also when its weights are broken."""

from __future__ import annotations

import json

import torch

from app.services.catalog import Catalog
from app.services.predictions import predict


def test_what_is_no_number_is_sent_as_0() -> None:
    logits = torch.full((2, 10), torch.nan)
    logits[1] = torch.tensor([torch.inf, *[-torch.inf] * 9])
    answers = predict(Catalog("cpu").get("mlp"), torch.zeros(2, 1, 28, 28), logits, 3)
    json.dumps(answers, allow_nan=False)
    assert [answer["top"][0]["probability"] for answer in answers] == [0, 0]
    assert [answer["reason"] for answer in answers] == ["no_number", "no_number"]
