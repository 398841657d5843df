//! Names of the operators that ONNX itself has.

use std::collections::HashSet;
use std::sync::LazyLock;

/// Operators of the standard domain in all versions up to ONNX 1.23, functions included.
const STANDARD: &str = "\
    Abs Acos Acosh Add AffineGrid And ArgMax ArgMin Asin Asinh Atan Atanh Attention \
    AveragePool BatchNormalization Bernoulli BitCast BitShift BitwiseAnd BitwiseNot BitwiseOr \
    BitwiseXor BlackmanWindow Cast CastLike CausalConvWithState Ceil Celu CenterCropPad Clip \
    Col2Im Compress Concat ConcatFromSequence Constant ConstantOfShape Conv ConvInteger \
    ConvTranspose Cos Cosh CumProd CumSum DFT DeformConv DepthToSpace DequantizeLinear Det Div \
    Dropout DynamicQuantizeLinear Einsum Elu Equal Erf Exp Expand EyeLike Flatten Floor GRU \
    Gather GatherElements GatherND Gelu Gemm GlobalAveragePool GlobalLpPool GlobalMaxPool \
    Greater GreaterOrEqual GridSample GroupNormalization HammingWindow HannWindow HardSigmoid \
    HardSwish Hardmax Identity If ImageDecoder InstanceNormalization IsInf IsNaN LRN LSTM \
    LayerNormalization LeakyRelu Less LessOrEqual LinearAttention Log LogSoftmax Loop \
    LpNormalization LpPool MatMul MatMulInteger Max MaxPool MaxRoiPool MaxUnpool Mean \
    MeanVarianceNormalization MelWeightMatrix Min Mish Mod Mul Multinomial Neg \
    NegativeLogLikelihoodLoss NonMaxSuppression NonZero Not OneHot Optional OptionalGetElement \
    OptionalHasElement Or PRelu Pad Pow QLinearConv QLinearMatMul QuantizeLinear \
    RMSNormalization RNN RandomNormal RandomNormalLike RandomUniform RandomUniformLike Range \
    Reciprocal ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp ReduceMax ReduceMean ReduceMin \
    ReduceProd ReduceSum ReduceSumSquare RegexFullMatch Relu Reshape Resize ReverseSequence \
    RoiAlign RotaryEmbedding Round STFT Scan Scatter ScatterElements ScatterND Selu SequenceAt \
    SequenceConstruct SequenceEmpty SequenceErase SequenceInsert SequenceLength SequenceMap \
    Shape Shrink Sigmoid Sign Sin Sinh Size Slice Softmax SoftmaxCrossEntropyLoss Softplus \
    Softsign SpaceToDepth Split SplitToSequence Sqrt Squeeze StringConcat StringNormalizer \
    StringSplit Sub Sum SwiGLU Swish Tan Tanh TensorScatter TfIdfVectorizer ThresholdedRelu \
    Tile TopK Transpose Trilu Unique Unsqueeze Upsample Where Xor";

/// Operators of `ai.onnx.ml`, and those for training.
const LEARNING: &str = "\
    Adagrad Adam ArrayFeatureExtractor Binarizer CastMap CategoryMapper DictVectorizer \
    FeatureVectorizer Gradient Imputer LabelEncoder LinearClassifier LinearRegressor Momentum \
    Normalizer OneHotEncoder SVMClassifier SVMRegressor Scaler TreeEnsemble \
    TreeEnsembleClassifier TreeEnsembleRegressor ZipMap";

/// Operators that were experiments of the first versions, and those that ONNX Runtime puts
/// into the standard domain when it writes an optimised model.
const OTHERS: &str = "\
    ATen Affine ConstantFill Crop DynamicSlice FusedConv FusedGemm GRUUnit GivenTensorFill \
    ImageScaler LoopIndexTensor MemcpyFromHost MemcpyToHost ParametricSoftplus Scale \
    ScaledTanh SimplifiedLayerNormalization";

static INDEX: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    let lists = [STANDARD, LEARNING, OTHERS];
    lists
        .iter()
        .flat_map(|list| list.split_ascii_whitespace())
        .collect()
});

/// True for an operator that the specification has, in whichever version.
pub(super) fn contains(operator: &str) -> bool {
    INDEX.contains(operator)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operators_are_sorted_and_found() {
        for list in [STANDARD, LEARNING, OTHERS] {
            assert!(list.split_ascii_whitespace().is_sorted());
        }
        assert!(contains("Relu") && contains("TreeEnsemble") && contains("Adagrad"));
        assert!(!contains("Payload"));
    }
}
