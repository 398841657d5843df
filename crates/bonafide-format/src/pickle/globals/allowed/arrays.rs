//! NumPy, SciPy, pandas and joblib: arrays and tables.

use super::Group;

pub(super) const GROUPS: &[Group] = &[
    Group {
        reason: "array or number: rebuilt from its type, shape and bytes",
        rows: &[
            (
                "numpy",
                "\
                bool bool_ byte bytes_ cdouble cfloat character clongdouble clongfloat complex128 complex256 \
                complex64 complex_ complexfloating csingle datetime64 double dtype flexible float128 float16 \
                float32 float64 float_ floating generic half inexact int0 int16 int32 int64 int8 int_ intc \
                integer intp long longcomplex longdouble longfloat longlong matrix ndarray number object_ \
                recarray record short signedinteger single str_ string_ timedelta64 ubyte uint uint0 uint16 \
                uint32 uint64 uint8 uintc uintp ulong ulonglong unicode_ unsignedinteger ushort void",
            ),
            (
                "numpy.core.multiarray numpy._core.multiarray",
                "_reconstruct dtype ndarray scalar",
            ),
            ("numpy.core.numeric numpy._core.numeric", "_frombuffer"),
            (
                "numpy.core._internal numpy._core._internal",
                "_convert_to_stringdtype_kwargs",
            ),
            (
                "numpy.core.records numpy._core.records numpy.rec",
                "fromarrays recarray record",
            ),
            (
                "numpy.dtypes",
                "\
                BoolDType ByteDType BytesDType CLongDoubleDType Complex128DType Complex64DType DateTime64DType \
                Float16DType Float32DType Float64DType Int16DType Int32DType Int64DType Int8DType IntDType \
                LongDType LongDoubleDType LongLongDType ObjectDType ShortDType StrDType StringDType \
                TimeDelta64DType UByteDType UInt16DType UInt32DType UInt64DType UInt8DType UIntDType ULongDType \
                ULongLongDType UShortDType VoidDType",
            ),
            (
                "numpy.ma.core numpy.ma",
                "MaskedArray MaskedConstant _mareconstruct",
            ),
            ("numpy.matrixlib.defmatrix", "matrix"),
            ("numpy.lib.polynomial numpy.lib._polynomial_impl", "poly1d"),
            (
                "joblib.numpy_pickle sklearn.externals.joblib.numpy_pickle",
                "NumpyArrayWrapper",
            ),
        ],
    },
    Group {
        reason: "random number generator with its state",
        rows: &[
            ("numpy.random", "Generator RandomState __RandomState_ctor"),
            (
                "numpy.random._pickle",
                "__bit_generator_ctor __generator_ctor __randomstate_ctor",
            ),
            ("numpy.random._mt19937", "MT19937"),
            ("numpy.random._pcg64", "PCG64 PCG64DXSM"),
            ("numpy.random._philox", "Philox"),
            ("numpy.random._sfc64", "SFC64"),
            ("numpy.random.mtrand", "RandomState _rand"),
            ("numpy.random._generator", "Generator"),
            (
                "numpy.random.bit_generator numpy.random._bit_generator",
                "\
                SeedSequence SeedlessSeedSequence __pyx_unpickle_SeedSequence \
                __pyx_unpickle_SeedlessSeedSequence",
            ),
        ],
    },
    Group {
        reason: "computes with arrays and touches nothing else",
        rows: &[
            (
                "numpy",
                "\
                abs absolute add angle arccos arccosh arcsin arcsinh arctan arctan2 arctanh argmax argmin \
                argsort around array asarray atleast_2d average cbrt ceil clip concatenate conj conjugate \
                copysign corrcoef cos cosh cumsum deg2rad degrees diff divide dot exp exp2 expm1 eye fabs \
                float_power floor floor_divide fmax fmin fmod gcd heaviside hypot identity isfinite isinf isnan \
                lcm ldexp linspace log log10 log1p log2 logaddexp logaddexp2 logical_and logical_not logical_or \
                logical_xor max maximum mean median min minimum mod multiply nan_to_num nanmax nanmean \
                nanmedian nanmin nanstd nansum nanvar negative ones percentile positive power prod quantile \
                rad2deg radians real reciprocal remainder reshape rint round sign sin sinh sort spacing sqrt \
                square squeeze stack std subtract sum tan tanh transpose true_divide trunc unique var zeros",
            ),
            ("scipy._lib.array_api_compat.numpy._aliases", "asarray"),
            (
                "scipy.special._ufuncs scipy.special",
                "boxcox erf erfinv expit gammaln inv_boxcox logit xlogy",
            ),
        ],
    },
    Group {
        reason: "sparse matrix: rebuilt from its arrays",
        rows: &[
            ("scipy.sparse._base scipy.sparse.base", "sparray spmatrix"),
            ("scipy.sparse._bsr scipy.sparse.bsr", "bsr_array bsr_matrix"),
            ("scipy.sparse._coo scipy.sparse.coo", "coo_array coo_matrix"),
            ("scipy.sparse._csc scipy.sparse.csc", "csc_array csc_matrix"),
            ("scipy.sparse._csr scipy.sparse.csr", "csr_array csr_matrix"),
            ("scipy.sparse._dia scipy.sparse.dia", "dia_array dia_matrix"),
            ("scipy.sparse._dok scipy.sparse.dok", "dok_array dok_matrix"),
            ("scipy.sparse._lil scipy.sparse.lil", "lil_array lil_matrix"),
            (
                "scipy.sparse",
                "\
                bsr_array bsr_matrix coo_array coo_matrix csc_array csc_matrix csr_array csr_matrix dia_array \
                dia_matrix dok_array dok_matrix lil_array lil_matrix",
            ),
        ],
    },
    Group {
        reason: "function over numbers, or index of points: rebuilt from its arrays",
        rows: &[
            (
                "scipy.interpolate._interpolate scipy.interpolate.interpolate",
                "BPoly PPoly interp1d interp2d",
            ),
            (
                "scipy.interpolate._polyint scipy.interpolate.polyint",
                "BarycentricInterpolator KroghInterpolator _Interpolator1D",
            ),
            ("scipy.interpolate._bsplines", "BSpline"),
            (
                "scipy.interpolate._cubic",
                "Akima1DInterpolator CubicHermiteSpline CubicSpline PchipInterpolator",
            ),
            (
                "scipy.interpolate._fitpack2 scipy.interpolate.fitpack2",
                "InterpolatedUnivariateSpline LSQUnivariateSpline RectBivariateSpline UnivariateSpline",
            ),
            ("scipy.spatial._ckdtree scipy.spatial.ckdtree", "cKDTree"),
            ("scipy.spatial._kdtree scipy.spatial.kdtree", "KDTree"),
            (
                "scipy.optimize._optimize scipy.optimize.optimize",
                "OptimizeResult",
            ),
            ("scipy.spatial.transform._rotation", "Rotation"),
        ],
    },
    Group {
        reason: "table, column or index: rebuilt from arrays",
        rows: &[
            (
                "pandas",
                "\
                ArrowDtype BooleanDtype Categorical CategoricalDtype CategoricalIndex DataFrame DatetimeIndex \
                DatetimeTZDtype Flags Float32Dtype Float64Dtype Index Int16Dtype Int32Dtype Int64Dtype \
                Int8Dtype Interval IntervalDtype IntervalIndex MultiIndex Period PeriodDtype PeriodIndex \
                RangeIndex Series SparseDtype StringDtype Timedelta TimedeltaIndex Timestamp UInt16Dtype \
                UInt32Dtype UInt64Dtype UInt8Dtype dtype",
            ),
            (
                "pandas.arrays",
                "\
                ArrowExtensionArray ArrowStringArray BooleanArray Categorical DatetimeArray FloatingArray \
                IntegerArray IntervalArray NumpyExtensionArray PandasArray PeriodArray SparseArray StringArray \
                TimedeltaArray",
            ),
            (
                "pandas._libs.arrays",
                "NDArrayBacked __pyx_unpickle_NDArrayBacked",
            ),
            ("pandas._libs.internals", "BlockPlacement _unpickle_block"),
            ("pandas._libs.interval", "Interval"),
            ("pandas._libs.missing", "NAType _unpickle_NAType"),
            (
                "pandas._libs.tslibs.nattype",
                "NaTType __nat_unpickle _nat_unpickle",
            ),
            (
                "pandas._libs.tslibs.offsets",
                "\
                BDay BMonthBegin BMonthEnd BQuarterBegin BQuarterEnd BYearBegin BYearEnd BaseOffset BusinessDay \
                BusinessHour BusinessMonthBegin BusinessMonthEnd CBMonthBegin CBMonthEnd CDay CustomBusinessDay \
                DateOffset Day Easter FY5253 FY5253Quarter Hour LastWeekOfMonth Micro Milli Minute MonthBegin \
                MonthEnd Nano QuarterBegin QuarterEnd RelativeDeltaOffset Second SemiMonthBegin SemiMonthEnd \
                Tick Week WeekOfMonth YearBegin YearEnd __pyx_unpickle_BaseOffset __pyx_unpickle_Tick",
            ),
            ("pandas._libs.tslibs.period", "Period"),
            (
                "pandas._libs.tslibs.timedeltas",
                "Timedelta _timedelta_unpickle",
            ),
            (
                "pandas._libs.tslibs.timestamps",
                "Timestamp _unpickle_timestamp",
            ),
            (
                "pyarrow.lib",
                "\
                _reconstruct_record_batch _reconstruct_table _restore_array chunked_array field py_buffer \
                schema type_for_alias",
            ),
            ("pandas.core.arrays.arrow.array", "ArrowExtensionArray"),
            ("pandas.core.dtypes.dtypes", "ArrowDtype"),
            ("pandas.core.arrays.boolean", "BooleanArray BooleanDtype"),
            ("pandas.core.arrays.categorical", "Categorical"),
            ("pandas.core.arrays.datetimes", "DatetimeArray"),
            ("pandas.core.arrays.timedeltas", "TimedeltaArray"),
            ("pandas.core.arrays.period", "PeriodArray"),
            (
                "pandas.core.arrays.floating",
                "Float32Dtype Float64Dtype FloatingArray",
            ),
            (
                "pandas.core.arrays.integer",
                "\
                Int16Dtype Int32Dtype Int64Dtype Int8Dtype IntegerArray UInt16Dtype UInt32Dtype UInt64Dtype \
                UInt8Dtype",
            ),
            ("pandas.core.arrays.interval", "IntervalArray"),
            (
                "pandas.core.arrays.numpy_ pandas.core.dtypes.dtypes",
                "NumpyEADtype NumpyExtensionArray PandasArray PandasDtype",
            ),
            (
                "pandas.core.arrays.sparse.array pandas.core.arrays.sparse.dtype pandas.core.dtypes.dtypes",
                "SparseArray SparseDtype",
            ),
            (
                "pandas.core.arrays.string_ pandas.core.arrays.string_arrow",
                "ArrowStringArray ArrowStringArrayNumpySemantics StringArray StringDtype",
            ),
            (
                "pandas.core.dtypes.dtypes",
                "CategoricalDtype CategoricalDtypeType DatetimeTZDtype IntervalDtype PeriodDtype",
            ),
            ("pandas.core.flags", "Flags"),
            ("pandas.core.frame", "DataFrame"),
            ("pandas.core.series", "Series"),
            (
                "pandas.core.indexes.base pandas.indexes.base",
                "Index _new_Index",
            ),
            ("pandas.core.indexes.category", "CategoricalIndex"),
            (
                "pandas.core.indexes.datetimes",
                "DatetimeIndex _new_DatetimeIndex",
            ),
            ("pandas.core.indexes.frozen", "FrozenList"),
            (
                "pandas.core.indexes.interval",
                "IntervalIndex _new_IntervalIndex",
            ),
            ("pandas.core.indexes.multi", "MultiIndex"),
            (
                "pandas.core.indexes.numeric",
                "Float64Index Int64Index NumericIndex UInt64Index",
            ),
            ("pandas.core.indexes.period", "PeriodIndex _new_PeriodIndex"),
            (
                "pandas.core.indexes.range pandas.indexes.range",
                "RangeIndex",
            ),
            ("pandas.core.indexes.timedeltas", "TimedeltaIndex"),
            (
                "pandas.core.internals.managers pandas.core.internals",
                "BlockManager SingleBlockManager",
            ),
            (
                "pandas.core.internals.blocks pandas.core.internals",
                "\
                Block BoolBlock CategoricalBlock ComplexBlock DatetimeBlock DatetimeTZBlock ExtensionBlock \
                FloatBlock IntBlock NumericBlock ObjectBlock TimeDeltaBlock new_block",
            ),
        ],
    },
    Group {
        reason: "time zone by its name",
        rows: &[
            ("pytz", "UTC _UTC _p"),
            ("pytz.tzinfo", "DstTzInfo StaticTzInfo"),
            ("dateutil.tz.tz", "tzlocal tzoffset tzutc"),
        ],
    },
];
