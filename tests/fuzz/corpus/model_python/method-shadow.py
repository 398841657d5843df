class Shadow:
    def exec(self):
        pass


exec('pass')
