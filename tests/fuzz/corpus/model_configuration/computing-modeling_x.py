from torch import nn


class XModel(nn.Module):
    def forward(self, x):
        return x
