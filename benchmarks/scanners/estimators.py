"""Write what people keep of scikit-learn and its relatives, with the libraries themselves: `estimators.py FOLDER`.

It runs in an environment of its own, because what modelaudit says depends on what is installed beside it.
"""

from __future__ import annotations

import pickle
import sys
import warnings
from pathlib import Path

import joblib
import numpy as np
import pandas
from sklearn import (
    calibration, cluster, compose, decomposition, discriminant_analysis, dummy, ensemble, feature_extraction, feature_selection, gaussian_process, impute,
    isotonic, kernel_ridge, linear_model, manifold, mixture, model_selection, multiclass, multioutput, naive_bayes, neighbors, neural_network, pipeline,
    preprocessing, svm, tree,
)

NUMBERS = np.random.default_rng(1).normal(size=(60, 4))
CLASSES = (NUMBERS[:, 0] > 0).astype(int)
TEXTS = ["a model of words", "words and more words", "another text"] * 20


def estimators() -> dict[str, object]:
    forest = ensemble.RandomForestClassifier(n_estimators=5)
    found = {
        "logistic": linear_model.LogisticRegression(), "ridge": linear_model.Ridge(), "lasso": linear_model.Lasso(), "sgd": linear_model.SGDClassifier(),
        "perceptron": linear_model.Perceptron(), "bayesian": linear_model.BayesianRidge(), "huber": linear_model.HuberRegressor(), "svc": svm.SVC(probability=False),
        "linear-svc": svm.LinearSVC(), "svr": svm.SVR(), "tree": tree.DecisionTreeClassifier(), "forest": forest, "extra": ensemble.ExtraTreesClassifier(n_estimators=5),
        "boosting": ensemble.GradientBoostingClassifier(n_estimators=5), "histogram": ensemble.HistGradientBoostingClassifier(max_iter=5),
        "ada": ensemble.AdaBoostClassifier(n_estimators=3), "bagging": ensemble.BaggingClassifier(n_estimators=3), "isolation": ensemble.IsolationForest(n_estimators=5),
        "voting": ensemble.VotingClassifier([("a", linear_model.LogisticRegression()), ("b", forest)]), "stacking": ensemble.StackingClassifier([("a", naive_bayes.GaussianNB())]),
        "neighbors": neighbors.KNeighborsClassifier(), "radius": neighbors.NearestNeighbors(algorithm="ball_tree"), "kd": neighbors.KNeighborsRegressor(algorithm="kd_tree"),
        "gaussian-bayes": naive_bayes.GaussianNB(), "bernoulli": naive_bayes.BernoulliNB(), "network": neural_network.MLPClassifier((5,), max_iter=5),
        "kmeans": cluster.KMeans(2, n_init=1), "dbscan": cluster.DBSCAN(), "agglomerative": cluster.AgglomerativeClustering(), "pca": decomposition.PCA(2),
        "nmf": decomposition.TruncatedSVD(2), "ica": decomposition.FastICA(2), "lda": discriminant_analysis.LinearDiscriminantAnalysis(), "mixture": mixture.GaussianMixture(2),
        "scaler": preprocessing.StandardScaler(), "minmax": preprocessing.MinMaxScaler(), "onehot": preprocessing.OneHotEncoder(), "polynomial": preprocessing.PolynomialFeatures(),
        "quantile": preprocessing.QuantileTransformer(n_quantiles=10), "function": preprocessing.FunctionTransformer(np.log1p), "imputer": impute.SimpleImputer(),
        "selection": feature_selection.SelectKBest(k=2), "process": gaussian_process.GaussianProcessClassifier(), "kernel-ridge": kernel_ridge.KernelRidge(),
        "calibrated": calibration.CalibratedClassifierCV(svm.LinearSVC(), cv=2), "grid": model_selection.GridSearchCV(svm.SVC(), {"C": [1, 2]}, cv=2),
        "rest": multiclass.OneVsRestClassifier(linear_model.LogisticRegression()), "dummy": dummy.DummyClassifier(), "isomap": manifold.Isomap(),
        "pipeline": pipeline.make_pipeline(preprocessing.StandardScaler(), decomposition.PCA(2), linear_model.LogisticRegression()),
        "columns": compose.make_column_transformer((preprocessing.StandardScaler(), [0, 1]), (preprocessing.MinMaxScaler(), [2, 3])),
    }
    for estimator in found.values():
        estimator.fit(NUMBERS, CLASSES)  # type: ignore[attr-defined]
    found["isotonic"] = isotonic.IsotonicRegression().fit(NUMBERS[:, 0], NUMBERS[:, 1])
    found["outputs"] = multioutput.MultiOutputRegressor(linear_model.Ridge()).fit(NUMBERS, NUMBERS[:, :2])
    found["labels"] = preprocessing.LabelEncoder().fit(["a", "b"])
    found["binarizer"] = preprocessing.LabelBinarizer().fit([0, 1, 2])
    for label, vectorizer in {"tfidf": feature_extraction.text.TfidfVectorizer(), "count": feature_extraction.text.CountVectorizer(), "hash": feature_extraction.text.HashingVectorizer()}.items():
        found[label] = pipeline.make_pipeline(vectorizer, linear_model.LogisticRegression()).fit(TEXTS, CLASSES[: len(TEXTS)])
    found["dictionary"] = feature_extraction.DictVectorizer().fit([{"a": 1}, {"b": 2}])
    frame = pandas.DataFrame(NUMBERS, columns=list("abcd"))
    found |= {"frame": frame, "series": frame["a"], "categories": pandas.Categorical(["a", "b"]), "times": pandas.date_range("2026-01-01", periods=3)}
    found["text-frame"] = pandas.DataFrame({"a": ["x", "y"], "b": [1.5, None], "c": pandas.to_datetime(["2026-01-01", "2026-01-02"])})
    try:
        import xgboost
        found["xgboost"] = xgboost.XGBClassifier(n_estimators=3).fit(NUMBERS, CLASSES)
        found["xgboost-booster"] = found["xgboost"].get_booster()  # type: ignore[attr-defined]
    except ImportError:
        pass
    try:
        import lightgbm
        found["lightgbm"] = lightgbm.LGBMClassifier(n_estimators=3, verbose=-1).fit(NUMBERS, CLASSES)
    except ImportError:
        pass
    return found


def main(folder: Path) -> None:
    warnings.simplefilter("ignore")
    folder.mkdir(parents=True, exist_ok=True)
    for number, (label, value) in enumerate(sorted(estimators().items())):
        (folder / f"{label}.pkl").write_bytes(pickle.dumps(value, 2 + number % 4))
        joblib.dump(value, folder / f"{label}.joblib", compress=(0, 3, ("bz2", 3), ("lzma", 3), ("xz", 3), ("gzip", 3))[number % 6])
    try:
        import skops.io
        for label, value in estimators().items():
            if not isinstance(value, pandas.DataFrame | pandas.Series | pandas.Categorical | pandas.DatetimeIndex) and "xgboost" not in label:
                skops.io.dump(value, folder / f"{label}.skops")
    except ImportError:
        pass


if __name__ == "__main__":
    main(Path(sys.argv[1]))
