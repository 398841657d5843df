//! PyTorch: tensors and what is built of them.

use super::Group;

pub(super) const GROUPS: &[Group] = &[
    Group {
        reason: "rebuilds a tensor, or what describes one, from its storage, type and shape",
        rows: &[
            (
                "torch",
                "\
                BFloat16Storage BFloat16Tensor BoolStorage BoolTensor ByteStorage ByteTensor CharStorage \
                CharTensor ComplexDoubleStorage ComplexFloatStorage DoubleStorage DoubleTensor FloatStorage \
                FloatTensor Generator HalfStorage HalfTensor IntStorage IntTensor LongStorage LongTensor \
                QInt32Storage QInt8Storage QUInt2x4Storage QUInt4x2Storage QUInt8Storage ShortStorage \
                ShortTensor Size Tensor TypedStorage UntypedStorage _mkldnn bfloat16 bits16 bits1x8 bits2x4 \
                bits4x2 bits8 bool cdouble cfloat chalf channels_last channels_last_3d complex128 complex32 \
                complex64 contiguous_format device double dtype float float16 float32 float4_e2m1fn_x2 float64 \
                float8_e4m3fn float8_e4m3fnuz float8_e5m2 float8_e5m2fnuz float8_e8m0fnu half int int1 int16 \
                int2 int3 int32 int4 int5 int6 int64 int7 int8 jagged layout long memory_format \
                per_channel_affine per_channel_affine_float_qparams per_channel_symmetric per_tensor_affine \
                per_tensor_symmetric preserve_format qint32 qint8 qscheme quint2x4 quint4x2 quint8 short \
                sparse_bsc sparse_bsr sparse_coo sparse_csc sparse_csr strided uint1 uint16 uint2 uint3 uint32 \
                uint4 uint5 uint6 uint64 uint7 uint8",
            ),
            (
                "torch._C",
                "\
                FloatStorageBase Generator Size StorageBase TensorBase _TensorBase device dtype layout \
                memory_format qscheme",
            ),
            (
                "torch._tensor torch.tensor",
                "Tensor _rebuild_from_type _rebuild_from_type_v2",
            ),
            (
                "torch._utils",
                "\
                _rebuild_device_tensor_from_cpu_tensor _rebuild_device_tensor_from_numpy _rebuild_hpu_tensor \
                _rebuild_meta_tensor_no_storage _rebuild_mlc_tensor _rebuild_nested_tensor _rebuild_parameter \
                _rebuild_parameter_v2 _rebuild_parameter_with_state _rebuild_qtensor _rebuild_sparse_csr_tensor \
                _rebuild_sparse_tensor _rebuild_tensor _rebuild_tensor_v2 _rebuild_tensor_v3 \
                _rebuild_wrapper_subclass _rebuild_xla_tensor",
            ),
            (
                "torch.cuda torch.cpu torch.xpu",
                "\
                BFloat16Storage BoolStorage ByteStorage CharStorage ComplexDoubleStorage ComplexFloatStorage \
                DoubleStorage FloatStorage HalfStorage IntStorage LongStorage QInt32Storage QInt8Storage \
                QUInt2x4Storage QUInt4x2Storage QUInt8Storage ShortStorage TypedStorage UntypedStorage",
            ),
            (
                "torch.sparse",
                "\
                BFloat16Tensor BoolTensor ByteTensor CharTensor DoubleTensor FloatTensor HalfTensor IntTensor \
                LongTensor ShortTensor",
            ),
            (
                "torch.cuda.sparse",
                "\
                BFloat16Tensor BoolTensor ByteTensor CharTensor DoubleTensor FloatTensor HalfTensor IntTensor \
                LongTensor ShortTensor",
            ),
            (
                "torch.storage",
                "\
                BFloat16Storage BoolStorage ByteStorage CharStorage ComplexDoubleStorage ComplexFloatStorage \
                DoubleStorage FloatStorage HalfStorage IntStorage LongStorage QInt32Storage QInt8Storage \
                QUInt2x4Storage QUInt4x2Storage QUInt8Storage ShortStorage TypedStorage UntypedStorage \
                _LegacyStorage _TypedStorage _UntypedStorage",
            ),
            ("torch.serialization", "_get_layout"),
            ("torch.random", "Generator"),
            (
                "torch.nn.parameter",
                "Buffer Parameter UninitializedBuffer UninitializedParameter UninitializedTensorMixin",
            ),
            ("torch.nn", "Parameter"),
            (
                "torch.jit._pickle",
                "\
                build_boollist build_doublelist build_intlist build_tensor_from_id build_tensorlist \
                restore_type_tag",
            ),
        ],
    },
    Group {
        reason: "layer, loss or container of layers: its constructor makes tensors and keeps its arguments",
        rows: &[
            (
                "torch.nn.modules.activation",
                "\
                CELU ELU GELU GLU Hardshrink Hardsigmoid Hardswish Hardtanh LeakyReLU LogSigmoid LogSoftmax \
                Mish MultiheadAttention PReLU RReLU ReLU ReLU6 SELU SiLU Sigmoid Softmax Softmax2d Softmin \
                Softplus Softshrink Softsign Tanh Tanhshrink Threshold",
            ),
            ("torch.nn.modules.adaptive", "AdaptiveLogSoftmaxWithLoss"),
            (
                "torch.nn.modules.batchnorm",
                "\
                BatchNorm1d BatchNorm2d BatchNorm3d LazyBatchNorm1d LazyBatchNorm2d LazyBatchNorm3d \
                SyncBatchNorm _BatchNorm _NormBase",
            ),
            ("torch.nn.modules.channelshuffle", "ChannelShuffle"),
            (
                "torch.nn.modules.container",
                "Container ModuleDict ModuleList ParameterDict ParameterList Sequential",
            ),
            (
                "torch.nn.modules.conv",
                "\
                Conv1d Conv2d Conv3d ConvTranspose1d ConvTranspose2d ConvTranspose3d LazyConv1d LazyConv2d \
                LazyConv3d LazyConvTranspose1d LazyConvTranspose2d LazyConvTranspose3d _ConvNd _ConvTransposeNd",
            ),
            (
                "torch.nn.modules.distance",
                "CosineSimilarity PairwiseDistance",
            ),
            (
                "torch.nn.modules.dropout",
                "AlphaDropout Dropout Dropout1d Dropout2d Dropout3d FeatureAlphaDropout _DropoutNd",
            ),
            ("torch.nn.modules.flatten", "Flatten Unflatten"),
            ("torch.nn.modules.fold", "Fold Unfold"),
            (
                "torch.nn.modules.instancenorm",
                "\
                InstanceNorm1d InstanceNorm2d InstanceNorm3d LazyInstanceNorm1d LazyInstanceNorm2d \
                LazyInstanceNorm3d _InstanceNorm",
            ),
            ("torch.nn.modules.lazy", "LazyModuleMixin"),
            (
                "torch.nn.modules.linear",
                "Bilinear Identity LazyLinear Linear NonDynamicallyQuantizableLinear",
            ),
            (
                "torch.nn.modules.loss",
                "\
                BCELoss BCEWithLogitsLoss CTCLoss CosineEmbeddingLoss CrossEntropyLoss GaussianNLLLoss \
                HingeEmbeddingLoss HuberLoss KLDivLoss L1Loss LinearCrossEntropyLoss MSELoss MarginRankingLoss \
                MultiLabelMarginLoss MultiLabelSoftMarginLoss MultiMarginLoss NLLLoss NLLLoss2d PoissonNLLLoss \
                SmoothL1Loss SoftMarginLoss TripletMarginLoss TripletMarginWithDistanceLoss _Loss _WeightedLoss",
            ),
            ("torch.nn.modules.module", "Module"),
            (
                "torch.nn.modules.normalization",
                "CrossMapLRN2d GroupNorm LayerNorm LocalResponseNorm RMSNorm",
            ),
            (
                "torch.nn.modules.padding",
                "\
                CircularPad1d CircularPad2d CircularPad3d ConstantPad1d ConstantPad2d ConstantPad3d \
                ReflectionPad1d ReflectionPad2d ReflectionPad3d ReplicationPad1d ReplicationPad2d \
                ReplicationPad3d ZeroPad1d ZeroPad2d ZeroPad3d _ReflectionPadNd",
            ),
            (
                "torch.nn.modules.pixelshuffle",
                "PixelShuffle PixelUnshuffle",
            ),
            (
                "torch.nn.modules.pooling",
                "\
                AdaptiveAvgPool1d AdaptiveAvgPool2d AdaptiveAvgPool3d AdaptiveMaxPool1d AdaptiveMaxPool2d \
                AdaptiveMaxPool3d AvgPool1d AvgPool2d AvgPool3d FractionalMaxPool2d FractionalMaxPool3d \
                LPPool1d LPPool2d LPPool3d MaxPool1d MaxPool2d MaxPool3d MaxUnpool1d MaxUnpool2d MaxUnpool3d \
                _AdaptiveAvgPoolNd _AvgPoolNd _MaxPoolNd",
            ),
            (
                "torch.nn.modules.rnn",
                "GRU GRUCell LSTM LSTMCell RNN RNNBase RNNCell RNNCellBase",
            ),
            ("torch.nn.modules.sparse", "Embedding EmbeddingBag"),
            (
                "torch.nn.modules.transformer",
                "\
                Transformer TransformerDecoder TransformerDecoderLayer TransformerEncoder \
                TransformerEncoderLayer",
            ),
            (
                "torch.nn.modules.upsampling",
                "Upsample UpsamplingBilinear2d UpsamplingNearest2d",
            ),
            ("torch.nn.utils.parametrize", "ParametrizationList"),
            ("torch.nn.utils.rnn", "PackedSequence"),
            (
                "torch.nn.utils.spectral_norm",
                "SpectralNorm SpectralNormLoadStateDictPreHook SpectralNormStateDictHook",
            ),
            ("torch.nn.utils.weight_norm", "WeightNorm"),
            ("torch.nn.backends.thnn", "_get_thnn_function_backend"),
            ("torch.nn.parallel.data_parallel", "DataParallel"),
            ("torch.nn.modules.linear", "_LinearWithBias"),
            (
                "torch.nn.utils.parametrizations",
                "_Orthogonal _SpectralNorm _WeightNorm",
            ),
        ],
    },
    Group {
        reason: "quantised layer: its constructor makes tensors and keeps its arguments",
        rows: &[
            (
                "torch.ao.nn.intrinsic.modules.fused torch.nn.intrinsic.modules.fused",
                "\
                BNReLU2d BNReLU3d ConvAdd2d ConvAddReLU2d ConvBn1d ConvBn2d ConvBn3d ConvBnReLU1d ConvBnReLU2d \
                ConvBnReLU3d ConvReLU1d ConvReLU2d ConvReLU3d LinearBn1d LinearLeakyReLU LinearReLU LinearTanh",
            ),
            (
                "torch.ao.nn.intrinsic.qat.modules.conv_fused torch.nn.intrinsic.qat.modules.conv_fused",
                "\
                ConvBn1d ConvBn2d ConvBn3d ConvBnReLU1d ConvBnReLU2d ConvBnReLU3d ConvReLU1d ConvReLU2d \
                ConvReLU3d",
            ),
            (
                "torch.ao.nn.intrinsic.qat.modules.linear_fused torch.nn.intrinsic.qat.modules.linear_fused",
                "LinearBn1d",
            ),
            (
                "torch.ao.nn.intrinsic.qat.modules.linear_relu torch.nn.intrinsic.qat.modules.linear_relu",
                "LinearReLU",
            ),
            (
                "torch.ao.nn.intrinsic.quantized.dynamic.modules.linear_relu torch.nn.intrinsic.quantized.dynamic.modules.linear_relu",
                "LinearReLU",
            ),
            (
                "torch.ao.nn.intrinsic.quantized.modules.bn_relu torch.nn.intrinsic.quantized.modules.bn_relu",
                "BNReLU2d BNReLU3d",
            ),
            (
                "torch.ao.nn.intrinsic.quantized.modules.conv_add torch.nn.intrinsic.quantized.modules.conv_add",
                "ConvAdd2d ConvAddReLU2d",
            ),
            (
                "torch.ao.nn.intrinsic.quantized.modules.conv_relu torch.nn.intrinsic.quantized.modules.conv_relu",
                "ConvReLU1d ConvReLU2d ConvReLU3d",
            ),
            (
                "torch.ao.nn.intrinsic.quantized.modules.linear_relu torch.nn.intrinsic.quantized.modules.linear_relu",
                "LinearLeakyReLU LinearReLU LinearTanh",
            ),
            (
                "torch.ao.nn.qat.dynamic.modules.linear torch.nn.qat.dynamic.modules.linear",
                "Linear",
            ),
            (
                "torch.ao.nn.qat.modules.conv torch.nn.qat.modules.conv",
                "Conv1d Conv2d Conv3d _ConvNd",
            ),
            (
                "torch.ao.nn.qat.modules.embedding_ops torch.nn.qat.modules.embedding_ops",
                "Embedding EmbeddingBag",
            ),
            (
                "torch.ao.nn.qat.modules.linear torch.nn.qat.modules.linear",
                "Linear",
            ),
            (
                "torch.ao.nn.quantizable.modules.activation torch.nn.quantizable.modules.activation",
                "MultiheadAttention",
            ),
            (
                "torch.ao.nn.quantizable.modules.rnn torch.nn.quantizable.modules.rnn",
                "LSTM LSTMCell",
            ),
            (
                "torch.ao.nn.quantized.dynamic.modules.conv torch.nn.quantized.dynamic.modules.conv",
                "Conv1d Conv2d Conv3d ConvTranspose1d ConvTranspose2d ConvTranspose3d",
            ),
            (
                "torch.ao.nn.quantized.dynamic.modules.linear torch.nn.quantized.dynamic.modules.linear",
                "Linear",
            ),
            (
                "torch.ao.nn.quantized.dynamic.modules.rnn torch.nn.quantized.dynamic.modules.rnn",
                "GRU GRUCell LSTM LSTMCell PackedParameter RNNBase RNNCell RNNCellBase",
            ),
            (
                "torch.ao.nn.quantized.modules torch.nn.quantized.modules",
                "DeQuantize Quantize",
            ),
            (
                "torch.ao.nn.quantized.modules.activation torch.nn.quantized.modules.activation",
                "ELU Hardswish LeakyReLU MultiheadAttention PReLU ReLU6 Sigmoid Softmax",
            ),
            (
                "torch.ao.nn.quantized.modules.batchnorm torch.nn.quantized.modules.batchnorm",
                "BatchNorm2d BatchNorm3d _BatchNorm",
            ),
            (
                "torch.ao.nn.quantized.modules.conv torch.nn.quantized.modules.conv",
                "\
                Conv1d Conv2d Conv3d ConvTranspose1d ConvTranspose2d ConvTranspose3d _ConvNd _ConvTransposeNd",
            ),
            (
                "torch.ao.nn.quantized.modules.dropout torch.nn.quantized.modules.dropout",
                "Dropout",
            ),
            (
                "torch.ao.nn.quantized.modules.embedding_ops torch.nn.quantized.modules.embedding_ops",
                "Embedding EmbeddingBag EmbeddingPackedParams",
            ),
            (
                "torch.ao.nn.quantized.modules.functional_modules torch.nn.quantized.modules.functional_modules",
                "FXFloatFunctional FloatFunctional QFunctional",
            ),
            (
                "torch.ao.nn.quantized.modules.linear torch.nn.quantized.modules.linear",
                "Linear LinearPackedParams",
            ),
            (
                "torch.ao.nn.quantized.modules.normalization torch.nn.quantized.modules.normalization",
                "GroupNorm InstanceNorm1d InstanceNorm2d InstanceNorm3d LayerNorm",
            ),
            (
                "torch.ao.nn.quantized.modules.rnn torch.nn.quantized.modules.rnn",
                "LSTM",
            ),
            (
                "torch.ao.nn.quantized.modules.utils torch.nn.quantized.modules.utils",
                "WeightedQuantizedModule",
            ),
            (
                "torch.ao.nn.quantized.reference.modules.conv torch.nn.quantized.reference.modules.conv",
                "\
                Conv1d Conv2d Conv3d ConvTranspose1d ConvTranspose2d ConvTranspose3d _ConvNd _ConvTransposeNd",
            ),
            (
                "torch.ao.nn.quantized.reference.modules.linear torch.nn.quantized.reference.modules.linear",
                "Linear",
            ),
            (
                "torch.ao.nn.quantized.reference.modules.rnn torch.nn.quantized.reference.modules.rnn",
                "GRU GRUCell LSTM LSTMCell RNNBase RNNCell RNNCellBase",
            ),
            (
                "torch.ao.nn.quantized.reference.modules.sparse torch.nn.quantized.reference.modules.sparse",
                "Embedding EmbeddingBag",
            ),
            (
                "torch.ao.nn.quantized.reference.modules.utils torch.nn.quantized.reference.modules.utils",
                "ReferenceQuantizedModule",
            ),
        ],
    },
    Group {
        reason: "optimizer or learning rate schedule: its constructor keeps its arguments",
        rows: &[
            ("torch.optim._adafactor", "Adafactor"),
            ("torch.optim._muon", "Muon"),
            ("torch.optim.adadelta", "Adadelta"),
            ("torch.optim.adagrad", "Adagrad"),
            ("torch.optim.adam", "Adam"),
            ("torch.optim.adamax", "Adamax"),
            ("torch.optim.adamw", "AdamW"),
            ("torch.optim.asgd", "ASGD"),
            ("torch.optim.lbfgs", "LBFGS"),
            (
                "torch.optim.lr_scheduler",
                "\
                ChainedScheduler ConstantLR CosineAnnealingLR CosineAnnealingWarmRestarts CyclicLR \
                ExponentialLR LRScheduler LambdaLR LinearLR MultiStepLR MultiplicativeLR OneCycleLR \
                PolynomialLR ReduceLROnPlateau SequentialLR StepLR _LRScheduler",
            ),
            ("torch.optim.nadam", "NAdam"),
            ("torch.optim.optimizer", "Optimizer"),
            ("torch.optim.radam", "RAdam"),
            ("torch.optim.rmsprop", "RMSprop"),
            ("torch.optim.rprop", "Rprop"),
            ("torch.optim.sgd", "SGD"),
            ("torch.optim.sparse_adam", "SparseAdam"),
            ("torch.optim.swa_utils", "AveragedModel SWALR"),
            (
                "torch.cuda.amp.grad_scaler torch.amp.grad_scaler",
                "GradScaler OptState",
            ),
        ],
    },
    Group {
        reason: "computes with tensors and touches nothing else",
        rows: &[
            (
                "torch.nn.functional",
                "\
                adaptive_avg_pool2d avg_pool2d batch_norm binary_cross_entropy binary_cross_entropy_with_logits \
                celu conv1d conv2d conv3d cross_entropy dropout elu embedding gelu glu group_norm hardshrink \
                hardsigmoid hardswish hardtanh instance_norm interpolate l1_loss layer_norm leaky_relu linear \
                log_softmax logsigmoid max_pool2d mish mse_loss nll_loss normalize one_hot pad prelu relu relu6 \
                relu_ rrelu scaled_dot_product_attention selu sigmoid silu smooth_l1_loss softmax softplus \
                softshrink softsign tanh tanhshrink threshold",
            ),
            (
                "torch._C._nn",
                "\
                avg_pool2d elu_ gelu hardswish hardtanh leaky_relu linear log_sigmoid mish one_hot relu6 \
                scaled_dot_product_attention silu softplus",
            ),
            (
                "torch",
                "\
                abs add bmm cat clamp clone cos div exp flatten log matmul max mean min mul neg ones relu relu_ \
                sigmoid sin softmax sqrt stack sub sum tanh zeros",
            ),
        ],
    },
    Group {
        reason: "describes which part of a tensor is in which file of a distributed checkpoint",
        rows: &[
            (
                "torch.distributed.checkpoint.metadata",
                "BytesStorageMetadata ChunkStorageMetadata Metadata MetadataIndex StorageMeta TensorProperties TensorStorageMetadata _MEM_FORMAT_ENCODING",
            ),
            (
                "torch.distributed.checkpoint.filesystem",
                "_StorageInfo _StoragePrefix StorageMeta",
            ),
        ],
    },
];
