//! scikit-learn 0.20 to 1.9: estimators, and what they are made of.

use super::Group;

pub(super) const GROUPS: &[Group] = &[
    Group {
        reason: "estimator: its constructor keeps its parameters, its state is numbers, and functions in it are imported by their own names",
        rows: &[
            ("sklearn.base", "BaseEstimator"),
            (
                "sklearn.calibration",
                "CalibratedClassifierCV _SigmoidCalibration _TemperatureScaling",
            ),
            (
                "sklearn.cluster._affinity_propagation sklearn.cluster.affinity_propagation_",
                "AffinityPropagation",
            ),
            (
                "sklearn.cluster._agglomerative sklearn.cluster.hierarchical",
                "AgglomerativeClustering FeatureAgglomeration",
            ),
            (
                "sklearn.cluster._bicluster",
                "BaseSpectral SpectralBiclustering SpectralCoclustering",
            ),
            ("sklearn.cluster._birch sklearn.cluster.birch", "Birch"),
            ("sklearn.cluster._bisect_k_means", "BisectingKMeans"),
            ("sklearn.cluster._dbscan sklearn.cluster.dbscan_", "DBSCAN"),
            ("sklearn.cluster._hdbscan.hdbscan", "HDBSCAN"),
            (
                "sklearn.cluster._kmeans sklearn.cluster.k_means_",
                "KMeans MiniBatchKMeans _BaseKMeans",
            ),
            (
                "sklearn.cluster._mean_shift sklearn.cluster.mean_shift_",
                "MeanShift",
            ),
            ("sklearn.cluster._optics", "OPTICS"),
            (
                "sklearn.cluster._spectral sklearn.cluster.spectral",
                "SpectralClustering",
            ),
            ("sklearn.compose._column_transformer", "ColumnTransformer"),
            ("sklearn.compose._target", "TransformedTargetRegressor"),
            ("sklearn.covariance._elliptic_envelope", "EllipticEnvelope"),
            (
                "sklearn.covariance._empirical_covariance",
                "EmpiricalCovariance",
            ),
            (
                "sklearn.covariance._graph_lasso",
                "BaseGraphicalLasso GraphicalLasso GraphicalLassoCV",
            ),
            ("sklearn.covariance._robust_covariance", "MinCovDet"),
            (
                "sklearn.covariance._shrunk_covariance",
                "LedoitWolf OAS ShrunkCovariance",
            ),
            (
                "sklearn.cross_decomposition._pls",
                "CCA PLSCanonical PLSRegression PLSSVD _PLS",
            ),
            ("sklearn.decomposition._base", "_BasePCA"),
            (
                "sklearn.decomposition._dict_learning",
                "DictionaryLearning MiniBatchDictionaryLearning SparseCoder",
            ),
            (
                "sklearn.decomposition._factor_analysis sklearn.decomposition.factor_analysis",
                "FactorAnalysis",
            ),
            (
                "sklearn.decomposition._fastica sklearn.decomposition.fastica_",
                "FastICA",
            ),
            (
                "sklearn.decomposition._incremental_pca sklearn.decomposition.incremental_pca",
                "IncrementalPCA",
            ),
            (
                "sklearn.decomposition._kernel_pca sklearn.decomposition.kernel_pca",
                "KernelPCA",
            ),
            (
                "sklearn.decomposition._lda sklearn.decomposition.online_lda",
                "LatentDirichletAllocation",
            ),
            (
                "sklearn.decomposition._nmf sklearn.decomposition.nmf",
                "MiniBatchNMF NMF _BaseNMF",
            ),
            (
                "sklearn.decomposition._pca sklearn.decomposition.pca",
                "PCA",
            ),
            (
                "sklearn.decomposition._sparse_pca",
                "MiniBatchSparsePCA SparsePCA _BaseSparsePCA",
            ),
            (
                "sklearn.decomposition._truncated_svd sklearn.decomposition.truncated_svd",
                "TruncatedSVD",
            ),
            (
                "sklearn.discriminant_analysis",
                "LinearDiscriminantAnalysis QuadraticDiscriminantAnalysis",
            ),
            ("sklearn.dummy", "DummyClassifier DummyRegressor"),
            (
                "sklearn.ensemble._bagging sklearn.ensemble.bagging",
                "BaggingClassifier BaggingRegressor BaseBagging",
            ),
            (
                "sklearn.ensemble._base sklearn.ensemble.base",
                "BaseEnsemble _BaseHeterogeneousEnsemble",
            ),
            (
                "sklearn.ensemble._forest sklearn.ensemble.forest",
                "\
                BaseForest ExtraTreesClassifier ExtraTreesRegressor ForestClassifier ForestRegressor \
                RandomForestClassifier RandomForestRegressor RandomTreesEmbedding",
            ),
            (
                "sklearn.ensemble._gb sklearn.ensemble.gradient_boosting",
                "BaseGradientBoosting GradientBoostingClassifier GradientBoostingRegressor",
            ),
            (
                "sklearn.ensemble._hist_gradient_boosting.binning",
                "_BinMapper",
            ),
            (
                "sklearn.ensemble._hist_gradient_boosting.gradient_boosting",
                "BaseHistGradientBoosting HistGradientBoostingClassifier HistGradientBoostingRegressor",
            ),
            (
                "sklearn.ensemble._iforest sklearn.ensemble.iforest",
                "IsolationForest",
            ),
            (
                "sklearn.ensemble._stacking",
                "StackingClassifier StackingRegressor _BaseStacking",
            ),
            (
                "sklearn.ensemble._voting sklearn.ensemble.voting sklearn.ensemble.voting_classifier",
                "VotingClassifier VotingRegressor _BaseVoting",
            ),
            (
                "sklearn.ensemble._weight_boosting sklearn.ensemble.weight_boosting",
                "AdaBoostClassifier AdaBoostRegressor BaseWeightBoosting",
            ),
            (
                "sklearn.feature_extraction._dict_vectorizer sklearn.feature_extraction.dict_vectorizer",
                "DictVectorizer",
            ),
            (
                "sklearn.feature_extraction._hash sklearn.feature_extraction.hashing",
                "FeatureHasher",
            ),
            ("sklearn.feature_extraction.image", "PatchExtractor"),
            (
                "sklearn.feature_extraction.text",
                "CountVectorizer HashingVectorizer TfidfTransformer TfidfVectorizer",
            ),
            (
                "sklearn.feature_selection._from_model sklearn.feature_selection.from_model",
                "SelectFromModel",
            ),
            (
                "sklearn.feature_selection._rfe sklearn.feature_selection.rfe",
                "RFE RFECV",
            ),
            (
                "sklearn.feature_selection._sequential",
                "SequentialFeatureSelector",
            ),
            (
                "sklearn.feature_selection._univariate_selection sklearn.feature_selection.univariate_selection",
                "\
                GenericUnivariateSelect SelectFdr SelectFpr SelectFwe SelectKBest SelectPercentile _BaseFilter",
            ),
            (
                "sklearn.feature_selection._variance_threshold sklearn.feature_selection.variance_threshold",
                "VarianceThreshold",
            ),
            ("sklearn.frozen._frozen", "FrozenEstimator"),
            (
                "sklearn.gaussian_process._gpc sklearn.gaussian_process.gpc",
                "GaussianProcessClassifier _BinaryGaussianProcessClassifierLaplace",
            ),
            (
                "sklearn.gaussian_process._gpr sklearn.gaussian_process.gpr",
                "GaussianProcessRegressor",
            ),
            ("sklearn.gaussian_process.kernels", "Hyperparameter"),
            (
                "sklearn.impute._base sklearn.preprocessing.imputation sklearn.impute",
                "MissingIndicator SimpleImputer _BaseImputer",
            ),
            (
                "sklearn.impute._iterative",
                "IterativeImputer _ImputerTriplet",
            ),
            ("sklearn.impute._knn", "KNNImputer"),
            ("sklearn.isotonic", "IsotonicRegression"),
            (
                "sklearn.kernel_approximation",
                "AdditiveChi2Sampler Nystroem PolynomialCountSketch RBFSampler SkewedChi2Sampler",
            ),
            ("sklearn.kernel_ridge", "KernelRidge"),
            (
                "sklearn.linear_model._base sklearn.linear_model.base",
                "LinearModel LinearRegression MultiOutputLinearModel",
            ),
            (
                "sklearn.linear_model._bayes sklearn.linear_model.bayes",
                "ARDRegression BayesianRidge",
            ),
            (
                "sklearn.linear_model._coordinate_descent sklearn.linear_model.coordinate_descent",
                "\
                ElasticNet ElasticNetCV Lasso LassoCV LinearModelCV MultiTaskElasticNet MultiTaskElasticNetCV \
                MultiTaskLasso MultiTaskLassoCV",
            ),
            (
                "sklearn.linear_model._glm.glm",
                "GammaRegressor PoissonRegressor TweedieRegressor _GeneralizedLinearRegressor",
            ),
            (
                "sklearn.linear_model._huber sklearn.linear_model.huber",
                "HuberRegressor",
            ),
            (
                "sklearn.linear_model._least_angle sklearn.linear_model.least_angle",
                "Lars LarsCV LassoLars LassoLarsCV LassoLarsIC",
            ),
            (
                "sklearn.linear_model._logistic sklearn.linear_model.logistic",
                "LogisticRegression LogisticRegressionCV",
            ),
            (
                "sklearn.linear_model._omp sklearn.linear_model.omp",
                "OrthogonalMatchingPursuit OrthogonalMatchingPursuitCV",
            ),
            (
                "sklearn.linear_model._passive_aggressive sklearn.linear_model.passive_aggressive",
                "PassiveAggressiveClassifier PassiveAggressiveRegressor",
            ),
            (
                "sklearn.linear_model._perceptron sklearn.linear_model.perceptron",
                "Perceptron",
            ),
            ("sklearn.linear_model._quantile", "QuantileRegressor"),
            (
                "sklearn.linear_model._ransac sklearn.linear_model.ransac",
                "RANSACRegressor",
            ),
            (
                "sklearn.linear_model._ridge sklearn.linear_model.ridge",
                "\
                Ridge RidgeCV RidgeClassifier RidgeClassifierCV _BaseRidge _BaseRidgeCV _IdentityClassifier \
                _IdentityRegressor _RidgeGCV",
            ),
            (
                "sklearn.linear_model._stochastic_gradient sklearn.linear_model.stochastic_gradient",
                "BaseSGD BaseSGDClassifier BaseSGDRegressor SGDClassifier SGDOneClassSVM SGDRegressor",
            ),
            (
                "sklearn.linear_model._theil_sen sklearn.linear_model.theil_sen",
                "TheilSenRegressor",
            ),
            ("sklearn.manifold._classical_mds", "ClassicalMDS"),
            ("sklearn.manifold._isomap", "Isomap"),
            ("sklearn.manifold._locally_linear", "LocallyLinearEmbedding"),
            ("sklearn.manifold._mds", "MDS"),
            ("sklearn.manifold._spectral_embedding", "SpectralEmbedding"),
            ("sklearn.manifold._t_sne sklearn.manifold.t_sne", "TSNE"),
            ("sklearn.mixture._base", "BaseMixture"),
            (
                "sklearn.mixture._bayesian_mixture sklearn.mixture.bayesian_mixture",
                "BayesianGaussianMixture",
            ),
            (
                "sklearn.mixture._gaussian_mixture sklearn.mixture.gaussian_mixture",
                "GaussianMixture",
            ),
            (
                "sklearn.model_selection._classification_threshold",
                "BaseThresholdClassifier FixedThresholdClassifier TunedThresholdClassifierCV",
            ),
            (
                "sklearn.model_selection._search sklearn.grid_search",
                "BaseSearchCV GridSearchCV RandomizedSearchCV",
            ),
            (
                "sklearn.model_selection._search_successive_halving",
                "BaseSuccessiveHalving HalvingGridSearchCV HalvingRandomSearchCV",
            ),
            (
                "sklearn.multiclass",
                "OneVsOneClassifier OneVsRestClassifier OutputCodeClassifier _ConstantPredictor",
            ),
            (
                "sklearn.multioutput",
                "\
                ClassifierChain MultiOutputClassifier MultiOutputRegressor RegressorChain _BaseChain \
                _MultiOutputEstimator",
            ),
            (
                "sklearn.naive_bayes",
                "BernoulliNB CategoricalNB ComplementNB GaussianNB MultinomialNB _BaseDiscreteNB _BaseNB",
            ),
            (
                "sklearn.neighbors._base sklearn.neighbors.base",
                "NeighborsBase",
            ),
            (
                "sklearn.neighbors._classification sklearn.neighbors.classification",
                "KNeighborsClassifier RadiusNeighborsClassifier",
            ),
            (
                "sklearn.neighbors._graph",
                "KNeighborsTransformer RadiusNeighborsTransformer",
            ),
            (
                "sklearn.neighbors._kde sklearn.neighbors.kde",
                "KernelDensity",
            ),
            (
                "sklearn.neighbors._lof sklearn.neighbors.lof",
                "LocalOutlierFactor",
            ),
            ("sklearn.neighbors._nca", "NeighborhoodComponentsAnalysis"),
            (
                "sklearn.neighbors._nearest_centroid sklearn.neighbors.nearest_centroid",
                "NearestCentroid",
            ),
            (
                "sklearn.neighbors._regression sklearn.neighbors.regression",
                "KNeighborsRegressor RadiusNeighborsRegressor",
            ),
            (
                "sklearn.neighbors._unsupervised sklearn.neighbors.unsupervised",
                "NearestNeighbors",
            ),
            (
                "sklearn.neural_network._multilayer_perceptron sklearn.neural_network.multilayer_perceptron",
                "BaseMultilayerPerceptron MLPClassifier MLPRegressor",
            ),
            (
                "sklearn.neural_network._rbm sklearn.neural_network.rbm",
                "BernoulliRBM",
            ),
            ("sklearn.pipeline", "FeatureUnion Pipeline"),
            (
                "sklearn.preprocessing._data sklearn.preprocessing.data",
                "\
                Binarizer KernelCenterer MaxAbsScaler MinMaxScaler Normalizer PowerTransformer \
                QuantileTransformer RobustScaler StandardScaler",
            ),
            ("sklearn.preprocessing._discretization", "KBinsDiscretizer"),
            (
                "sklearn.preprocessing._encoders sklearn.preprocessing.encoders",
                "OneHotEncoder OrdinalEncoder _BaseEncoder",
            ),
            (
                "sklearn.preprocessing._function_transformer",
                "FunctionTransformer",
            ),
            (
                "sklearn.preprocessing._label sklearn.preprocessing.label",
                "LabelBinarizer LabelEncoder MultiLabelBinarizer",
            ),
            (
                "sklearn.preprocessing._polynomial",
                "PolynomialFeatures SplineTransformer",
            ),
            ("sklearn.preprocessing._target_encoder", "TargetEncoder"),
            (
                "sklearn.random_projection",
                "BaseRandomProjection GaussianRandomProjection SparseRandomProjection",
            ),
            (
                "sklearn.semi_supervised._label_propagation",
                "BaseLabelPropagation LabelPropagation LabelSpreading",
            ),
            (
                "sklearn.semi_supervised._self_training",
                "SelfTrainingClassifier",
            ),
            ("sklearn.svm._base sklearn.svm.base", "BaseLibSVM BaseSVC"),
            (
                "sklearn.svm._classes sklearn.svm.classes",
                "LinearSVC LinearSVR NuSVC NuSVR OneClassSVM SVC SVR",
            ),
            (
                "sklearn.tree._classes sklearn.tree.tree",
                "\
                BaseDecisionTree DecisionTreeClassifier DecisionTreeRegressor ExtraTreeClassifier \
                ExtraTreeRegressor",
            ),
            ("sklearn.preprocessing._data", "Imputer"),
            ("sklearn.preprocessing.imputation", "Imputer"),
            (
                "sklearn.ensemble._gb_losses sklearn.ensemble.gradient_boosting",
                "\
                BinomialDeviance ClassificationLossFunction ExponentialLoss HuberLossFunction \
                LeastAbsoluteError LeastSquaresError LogOddsEstimator LossFunction MeanEstimator \
                MultinomialDeviance PriorProbabilityEstimator QuantileEstimator QuantileLossFunction \
                RegressionLossFunction ScaledLogOddsEstimator VerboseReporter ZeroEstimator",
            ),
        ],
    },
    Group {
        reason: "part of a fitted estimator: numbers and tables, without constructors that do more",
        rows: &[
            (
                "sklearn._loss._loss",
                "\
                CyAbsoluteError CyExponentialLoss CyHalfBinomialLoss CyHalfGammaLoss CyHalfMultinomialLoss \
                CyHalfPoissonLoss CyHalfSquaredError CyHalfTweedieLoss CyHalfTweedieLossIdentity CyHuberLoss \
                CyLossFunction CyPinballLoss __pyx_unpickle_CyAbsoluteError __pyx_unpickle_CyExponentialLoss \
                __pyx_unpickle_CyHalfBinomialLoss __pyx_unpickle_CyHalfGammaLoss \
                __pyx_unpickle_CyHalfMultinomialLoss __pyx_unpickle_CyHalfPoissonLoss \
                __pyx_unpickle_CyHalfSquaredError",
            ),
            (
                "sklearn._loss.link",
                "HalfLogitLink IdentityLink Interval LogLink LogitLink MultinomialLogit",
            ),
            (
                "sklearn._loss.loss",
                "\
                AbsoluteError BaseLoss ExponentialLoss HalfBinomialLoss HalfGammaLoss HalfMultinomialLoss \
                HalfPoissonLoss HalfSquaredError HalfTweedieLoss HalfTweedieLossIdentity HuberLoss PinballLoss",
            ),
            ("sklearn.calibration", "_CalibratedClassifier"),
            ("sklearn.cluster._birch", "_CFNode _CFSubcluster"),
            ("sklearn.cluster._bisect_k_means", "_BisectingTree"),
            (
                "sklearn.compose._column_transformer",
                "_RemainderColsList make_column_selector",
            ),
            (
                "sklearn.ensemble._hist_gradient_boosting.common",
                "MonotonicConstraint",
            ),
            (
                "sklearn.ensemble._hist_gradient_boosting.loss",
                "\
                BaseLoss BinaryCrossEntropy CategoricalCrossEntropy LeastAbsoluteDeviation LeastSquares Poisson",
            ),
            (
                "sklearn.ensemble._hist_gradient_boosting.predictor",
                "TreePredictor",
            ),
            (
                "sklearn.exceptions",
                "ConvergenceWarning DataConversionWarning NotFittedError UndefinedMetricWarning",
            ),
            (
                "sklearn.gaussian_process.kernels",
                "\
                CompoundKernel ConstantKernel DotProduct ExpSineSquared Exponentiation Matern \
                PairwiseKernel Product RBF RationalQuadratic Sum WhiteKernel",
            ),
            ("sklearn.linear_model._linear_loss", "LinearModelLoss"),
            (
                "sklearn.linear_model._sgd_fast sklearn.linear_model.sgd_fast",
                "\
                Classification EpsilonInsensitive Hinge Huber Log LossFunction ModifiedHuber Regression \
                SquaredEpsilonInsensitive SquaredHinge SquaredLoss __pyx_unpickle_Classification \
                __pyx_unpickle_LossFunction __pyx_unpickle_Regression",
            ),
            (
                "sklearn.metrics._dist_metrics sklearn.neighbors._dist_metrics sklearn.neighbors.dist_metrics",
                "\
                BrayCurtisDistance BrayCurtisDistance32 BrayCurtisDistance64 CanberraDistance \
                CanberraDistance32 CanberraDistance64 ChebyshevDistance ChebyshevDistance32 ChebyshevDistance64 \
                DiceDistance DiceDistance32 DiceDistance64 DistanceMetric DistanceMetric32 DistanceMetric64 \
                EuclideanDistance EuclideanDistance32 EuclideanDistance64 HammingDistance HammingDistance32 \
                HammingDistance64 HaversineDistance HaversineDistance32 HaversineDistance64 JaccardDistance \
                JaccardDistance32 JaccardDistance64 KulsinskiDistance KulsinskiDistance32 KulsinskiDistance64 \
                MahalanobisDistance MahalanobisDistance32 MahalanobisDistance64 ManhattanDistance \
                ManhattanDistance32 ManhattanDistance64 MatchingDistance MatchingDistance32 MatchingDistance64 \
                MinkowskiDistance MinkowskiDistance32 MinkowskiDistance64 RogersTanimotoDistance \
                RogersTanimotoDistance32 RogersTanimotoDistance64 RussellRaoDistance RussellRaoDistance32 \
                RussellRaoDistance64 SEuclideanDistance SEuclideanDistance32 SEuclideanDistance64 \
                SokalMichenerDistance SokalMichenerDistance32 SokalMichenerDistance64 SokalSneathDistance \
                SokalSneathDistance32 SokalSneathDistance64 WMinkowskiDistance WMinkowskiDistance32 \
                WMinkowskiDistance64 YuleDistance YuleDistance32 YuleDistance64 newObj",
            ),
            (
                "sklearn.metrics._scorer sklearn.metrics.scorer",
                "\
                _MultimetricScorer _PassthroughScorer _PredictScorer _ProbaScorer _Scorer _ThresholdScorer \
                _passthrough_scorer",
            ),
            (
                "sklearn.model_selection._search",
                "ParameterGrid ParameterSampler",
            ),
            (
                "sklearn.model_selection._split",
                "\
                GroupKFold GroupShuffleSplit KFold LeaveOneGroupOut LeaveOneOut LeavePGroupsOut LeavePOut \
                PredefinedSplit RepeatedKFold RepeatedStratifiedKFold ShuffleSplit StratifiedGroupKFold \
                StratifiedKFold StratifiedShuffleSplit TimeSeriesSplit",
            ),
            (
                "sklearn.neighbors._ball_tree sklearn.neighbors.ball_tree",
                "BallTree BallTree32 BallTree64 VisitorBall newObj",
            ),
            (
                "sklearn.neighbors._kd_tree sklearn.neighbors.kd_tree",
                "KDTree KDTree32 KDTree64 newObj",
            ),
            ("sklearn.neighbors._quad_tree", "_QuadTree"),
            (
                "sklearn.neural_network._stochastic_optimizers",
                "AdamOptimizer BaseOptimizer SGDOptimizer",
            ),
            ("sklearn.preprocessing._function_transformer", "_identity"),
            (
                "sklearn.tree._criterion",
                "ClassificationCriterion Entropy FriedmanMSE Gini MAE MSE Poisson",
            ),
            (
                "sklearn.tree._splitter",
                "BestSparseSplitter BestSplitter RandomSparseSplitter RandomSplitter",
            ),
            ("sklearn.tree._tree", "Tree"),
            (
                "sklearn.utils._bunch sklearn.utils sklearn.datasets.base",
                "Bunch",
            ),
            ("sklearn.utils._encode", "_NaNCounter _nandict"),
            (
                "sklearn.utils._metadata_requests",
                "MetadataRequest MethodMetadataRequest",
            ),
            (
                "sklearn.utils._tags",
                "ClassifierTags InputTags RegressorTags Tags TargetTags TransformerTags",
            ),
            ("sklearn.utils.deprecation", "DeprecationDict"),
        ],
    },
    Group {
        reason: "computes with arrays and touches nothing else",
        rows: &[
            (
                "sklearn.cluster._kmeans",
                "_kmeans_single_elkan _kmeans_single_lloyd",
            ),
            (
                "sklearn.feature_selection._mutual_info",
                "mutual_info_classif mutual_info_regression",
            ),
            (
                "sklearn.feature_selection._univariate_selection sklearn.feature_selection.univariate_selection",
                "chi2 f_classif f_oneway f_regression r_regression",
            ),
            (
                "sklearn.metrics._classification sklearn.metrics.classification",
                "\
                accuracy_score balanced_accuracy_score brier_score_loss class_likelihood_ratios \
                classification_report cohen_kappa_score confusion_matrix d2_brier_score d2_log_loss_score \
                f1_score fbeta_score hamming_loss hinge_loss jaccard_score log_loss matthews_corrcoef \
                multilabel_confusion_matrix precision_recall_fscore_support precision_score recall_score \
                zero_one_loss",
            ),
            (
                "sklearn.metrics._ranking sklearn.metrics.ranking",
                "\
                auc average_precision_score confusion_matrix_at_thresholds coverage_error dcg_score det_curve \
                label_ranking_average_precision_score label_ranking_loss metric_at_thresholds ndcg_score \
                precision_recall_curve roc_auc_score roc_curve top_k_accuracy_score",
            ),
            (
                "sklearn.metrics._regression sklearn.metrics.regression",
                "\
                d2_absolute_error_score d2_pinball_score d2_tweedie_score explained_variance_score max_error \
                mean_absolute_error mean_absolute_percentage_error mean_gamma_deviance mean_pinball_loss \
                mean_poisson_deviance mean_squared_error mean_squared_log_error mean_tweedie_deviance \
                median_absolute_error r2_score root_mean_squared_error root_mean_squared_log_error",
            ),
            (
                "sklearn.metrics._scorer",
                "negative_likelihood_ratio positive_likelihood_ratio",
            ),
            ("sklearn.metrics.cluster._bicluster", "consensus_score"),
            (
                "sklearn.metrics.cluster._supervised",
                "\
                adjusted_mutual_info_score adjusted_rand_score check_clusterings completeness_score \
                contingency_matrix entropy fowlkes_mallows_score homogeneity_completeness_v_measure \
                homogeneity_score mutual_info_score normalized_mutual_info_score pair_confusion_matrix \
                rand_score v_measure_score",
            ),
            (
                "sklearn.metrics.cluster._unsupervised",
                "\
                calinski_harabasz_score check_number_of_labels davies_bouldin_score silhouette_samples \
                silhouette_score",
            ),
            (
                "sklearn.metrics.pairwise",
                "\
                additive_chi2_kernel check_paired_arrays check_pairwise_arrays chi2_kernel cosine_distances \
                cosine_similarity euclidean_distances haversine_distances \
                laplacian_kernel linear_kernel manhattan_distances nan_euclidean_distances \
                paired_cosine_distances paired_distances paired_euclidean_distances paired_manhattan_distances \
                pairwise_distances pairwise_distances_argmin pairwise_distances_argmin_min \
                pairwise_distances_chunked pairwise_kernels polynomial_kernel rbf_kernel sigmoid_kernel",
            ),
        ],
    },
];
