//! Libraries around the weights: boosting, training, tokens, configuration.

use super::Group;

pub(super) const GROUPS: &[Group] = &[
    Group {
        reason: "estimator: its constructor keeps its parameters",
        rows: &[
            (
                "xgboost.sklearn",
                "XGBClassifier XGBModel XGBRFClassifier XGBRFRegressor XGBRanker XGBRegressor",
            ),
            (
                "lightgbm.sklearn",
                "\
                LGBMClassifier LGBMModel LGBMRanker LGBMRegressor _EvalFunctionWrapper \
                _ObjectiveFunctionWrapper",
            ),
            ("lightgbm.compat", "LGBMLabelEncoder _LGBMLabelEncoder"),
            (
                "catboost.core",
                "CatBoost CatBoostClassifier CatBoostRanker CatBoostRegressor",
            ),
            ("imblearn.pipeline", "Pipeline"),
            ("imblearn.over_sampling._smote.base", "SMOTE"),
            (
                "imblearn.under_sampling._prototype_selection._random_under_sampler",
                "RandomUnderSampler",
            ),
            (
                "imblearn.over_sampling._random_over_sampler",
                "RandomOverSampler",
            ),
            ("category_encoders.target_encoder", "TargetEncoder"),
            ("category_encoders.ordinal", "OrdinalEncoder"),
            ("category_encoders.one_hot", "OneHotEncoder"),
        ],
    },
    Group {
        reason: "trees in the library's own format, read by a parser that runs nothing",
        rows: &[
            ("xgboost.core", "Booster"),
            ("lightgbm.basic", "Booster"),
            ("catboost.core", "_CatBoostBase"),
        ],
    },
    Group {
        reason: "settings of a training run: constructed from its state, which is plain data",
        rows: &[
            (
                "transformers.training_args",
                "OptimizerNames ParallelMode TrainingArguments",
            ),
            (
                "transformers.training_args_seq2seq",
                "Seq2SeqTrainingArguments",
            ),
            (
                "transformers.trainer_utils",
                "\
                EvaluationStrategy FSDPOption HubStrategy IntervalStrategy SaveStrategy SchedulerType \
                ShardedDDPOption",
            ),
            ("transformers.trainer_pt_utils", "AcceleratorConfig"),
            ("transformers.debug_utils", "DebugOption"),
            (
                "transformers.utils.generic",
                "ExplicitEnum PaddingStrategy TensorType",
            ),
            ("accelerate.state", "PartialState"),
            (
                "accelerate.utils.dataclasses",
                "\
                DataLoaderConfiguration DistributedType DynamoBackend FP8BackendType GradientAccumulationPlugin \
                PrecisionType",
            ),
            (
                "simpletransformers.config.model_args",
                "\
                ClassificationArgs GenerationArgs LanguageModelingArgs MultiLabelClassificationArgs NERArgs \
                QuestionAnsweringArgs RetrievalArgs Seq2SeqArgs T5Args",
            ),
            ("trl.trainer.sft_config", "SFTConfig"),
            ("trl.trainer.dpo_config", "DPOConfig"),
            ("trl.trainer.grpo_config", "GRPOConfig"),
            ("trl.trainer.reward_config", "RewardConfig"),
            ("trl.trainer.kto_config", "KTOConfig"),
            ("trl.trainer.orpo_config", "ORPOConfig"),
            ("trl.trainer.cpo_config", "CPOConfig"),
            (
                "sentence_transformers.training_args",
                "BatchSamplers MultiDatasetBatchSamplers SentenceTransformerTrainingArguments",
            ),
        ],
    },
    Group {
        reason: "configuration tree: plain data with the types of its values",
        rows: &[
            (
                "omegaconf.base",
                "Box Container ContainerMetadata Metadata Node SCMode UnionNode",
            ),
            ("omegaconf.basecontainer", "BaseContainer"),
            ("omegaconf.dictconfig", "DictConfig"),
            ("omegaconf.listconfig", "ListConfig"),
            (
                "omegaconf.nodes",
                "\
                AnyNode BooleanNode BytesNode EnumNode FloatNode IntegerNode InterpolationResultNode PathNode \
                StringNode ValueNode",
            ),
            ("omegaconf omegaconf.omegaconf", "DictConfig ListConfig"),
            ("easydict", "EasyDict"),
            ("addict.addict addict", "Dict"),
            ("munch", "DefaultMunch Munch"),
            ("box.box box", "Box"),
            ("yacs.config", "CfgNode"),
            ("ml_collections.config_dict.config_dict", "ConfigDict"),
            ("fairseq.data.dictionary", "Dictionary"),
            (
                "pytorch_lightning.utilities.parsing lightning_fabric.utilities.data lightning.fabric.utilities.data",
                "AttributeDict",
            ),
        ],
    },
    Group {
        reason: "callback or state of a training run, named as the key of its settings",
        rows: &[
            (
                "pytorch_lightning.callbacks.model_checkpoint lightning.pytorch.callbacks.model_checkpoint pytorch_lightning.callbacks.pt_callbacks",
                "ModelCheckpoint",
            ),
            (
                "pytorch_lightning.callbacks.early_stopping lightning.pytorch.callbacks.early_stopping pytorch_lightning.callbacks.pt_callbacks",
                "EarlyStopping",
            ),
            (
                "pytorch_lightning.callbacks.lr_monitor lightning.pytorch.callbacks.lr_monitor",
                "LearningRateMonitor",
            ),
            (
                "pytorch_lightning.trainer.states lightning.pytorch.trainer.states",
                "RunningStage TrainerFn TrainerState TrainerStatus",
            ),
        ],
    },
    Group {
        reason: "tokenizer or vocabulary: read from JSON or lists by a parser that runs nothing",
        rows: &[
            ("tokenizers", "AddedToken Encoding Tokenizer"),
            ("tokenizers.models", "BPE Model Unigram WordLevel WordPiece"),
            (
                "keras.preprocessing.text keras_preprocessing.text keras.src.preprocessing.text keras.src.legacy.preprocessing.text tensorflow.python.keras.preprocessing.text",
                "Tokenizer",
            ),
            ("torchtext.vocab torchtext.vocab.vocab", "Vocab"),
            (
                "gensim.models.keyedvectors",
                "EuclideanKeyedVectors KeyedVectors Vocab Word2VecKeyedVectors",
            ),
            (
                "nltk.tokenize.punkt",
                "\
                PunktLanguageVars PunktParameters PunktSentenceTokenizer PunktToken PunktTrainer \
                PunktWordTokenizer",
            ),
            (
                "nltk.probability",
                "ConditionalFreqDist DictionaryProbDist ELEProbDist FreqDist LidstoneProbDist MLEProbDist",
            ),
            ("nltk.classify.naivebayes", "NaiveBayesClassifier"),
            ("nltk.stem.porter", "PorterStemmer"),
            ("nltk.stem.snowball", "EnglishStemmer SnowballStemmer"),
            (
                "nltk.tag.sequential",
                "BigramTagger DefaultTagger NgramTagger TrigramTagger UnigramTagger",
            ),
        ],
    },
    Group {
        reason: "table of tensors or shapes",
        rows: &[
            ("flax.core.frozen_dict", "FrozenDict"),
            ("jax._src.array jax.interpreters.xla", "_reconstruct_array"),
            ("e3nn.o3._irreps", "Irrep Irreps _MulIr"),
        ],
    },
];
