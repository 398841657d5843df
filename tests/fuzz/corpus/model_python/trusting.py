from transformers import AutoModel

model = AutoModel.from_pretrained('example/x', trust_remote_code=True)
