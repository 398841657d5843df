
groot.layer-0"_tf_keras_layer*@{"name": "dense", "class_name": "Dense", "config": {"units": 2}}2