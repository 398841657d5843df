"""A model that starts a program when it is called."""
import subprocess

from transformers import PreTrainedModel


class XModel(PreTrainedModel):
    def extra(self, command):
        return subprocess.run(command)
