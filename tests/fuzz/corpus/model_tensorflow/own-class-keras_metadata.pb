
`root"_tf_keras_layer*E{"name": "cqt", "class_name": "CQT2010v2", "config": {"name": "cqt"}}