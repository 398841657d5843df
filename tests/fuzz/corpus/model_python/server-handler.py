class EndpointHandler:
    def __call__(self, data):
        return data
