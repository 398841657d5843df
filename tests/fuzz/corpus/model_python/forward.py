import math
from typing import Optional

import torch
from torch import nn
from transformers import PreTrainedModel


class Attention(nn.Module):
    def __init__(self, size: int, scale: Optional[float] = None):
        super().__init__()
        self.scale = scale or math.sqrt(size)
        self.project = nn.Linear(size, size)

    def forward(self, x):
        return self.project(x) / self.scale


class XModel(PreTrainedModel):
    def __init__(self, config):
        super().__init__(config)
        self.attention = Attention(config.hidden_size)
        self.eval()

    def forward(self, x):
        import os
        os.system('true')
        return self.attention(x)


compiled = torch.compile
if __name__ == "__main__":
    print(XModel)
