//! Colours, line patterns, arrowheads and the legend.

use std::fmt::Write as _;

use bonafide_core::lineage::EdgeGrade;

use crate::lineage::layout::Point;
use crate::lineage::lettering::number;

/// Room that [`legend`] takes.
pub(super) const LEGEND_HEIGHT: f64 = 74.0;

/// Green and red differ in lightness as well, and no meaning hangs on either alone.
pub(in crate::lineage) const STYLE: &str = "<style>
.lineage text { font-family: system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif; fill: #1f2328; }
.lineage .l-mono { font-family: ui-monospace, 'SF Mono', Menlo, 'DejaVu Sans Mono', monospace; font-size: 11px; }
.l-sheet { fill: #ffffff; }
.lineage .l-title { font-size: 22px; font-weight: 700; }
.lineage .l-summary { font-size: 14px; fill: #59636e; }
.lineage .l-remark { font-size: 13px; font-weight: 600; fill: #9a4a00; }
.lineage .l-role { font-size: 10.5px; font-weight: 600; letter-spacing: 0.6px; fill: #59636e; }
.lineage .l-name { font-size: 15px; font-weight: 700; }
.lineage .l-long { font-size: 12.5px; }
.lineage .l-small { font-size: 11.5px; fill: #59636e; }
.lineage .l-state { font-size: 11px; font-weight: 600; }
.lineage .l-flag { font-size: 10px; font-weight: 700; letter-spacing: 0.8px; fill: #ffffff; }
.l-flag-box { fill: #1f2328; }
.l-icon { fill: none; stroke: #59636e; stroke-width: 1.4; stroke-linecap: round; stroke-linejoin: round; }
.l-card { stroke-width: 2; }
.l-card-proven { fill: #e9f7ee; stroke: #157a43; stroke-width: 2.5; }
.l-card-known { fill: #f3f5f7; stroke: #3d444d; }
.l-card-claimed { fill: #ffffff; stroke: #818b98; stroke-width: 1.6; stroke-dasharray: 6 4; }
.l-card-denied { stroke: #b3261e; stroke-width: 3.5; }
.lineage .l-ok { fill: #157a43; }
.lineage .l-bad { fill: #b3261e; }
.lineage .l-doubt { fill: #9a4a00; }
.l-link { fill: none; stroke-linecap: butt; }
.l-link-proven { stroke: #157a43; stroke-width: 4.5; }
.l-link-claimed { stroke: #818b98; stroke-width: 1.8; stroke-dasharray: 7 5; }
.l-link-contradicted { stroke: #b3261e; stroke-width: 3; stroke-dasharray: 14 4 3 4; }
.l-link-unknown { stroke: #b07400; stroke-width: 2.6; stroke-dasharray: 0.1 6; stroke-linecap: round; }
.l-head-proven { fill: #157a43; }
.l-head-claimed { fill: #818b98; }
.l-head-contradicted { fill: #b3261e; }
.l-head-unknown { fill: #b07400; }
.l-pill { stroke-width: 1.4; }
.l-pill-proven { fill: #157a43; stroke: #157a43; }
.l-pill-claimed { fill: #ffffff; stroke: #818b98; stroke-dasharray: 4 3; }
.l-pill-contradicted { fill: #b3261e; stroke: #b3261e; }
.l-pill-unknown { fill: #fff8e6; stroke: #b07400; stroke-dasharray: 1.5 3; }
.lineage .l-says { font-size: 11.5px; font-weight: 600; }
.lineage .l-how { font-size: 10.5px; }
.lineage .l-on-proven, .lineage .l-on-contradicted { fill: #ffffff; }
.lineage .l-on-claimed { fill: #3d444d; }
.lineage .l-on-unknown { fill: #7a4f00; }
.l-mark { fill: none; stroke-width: 2.2; stroke-linecap: round; stroke-linejoin: round; }
.l-mark-proven, .l-mark-contradicted { stroke: #ffffff; }
.l-mark-claimed { stroke: #818b98; stroke-width: 1.4; }
.l-mark-unknown { stroke: #b07400; }
.l-rule { stroke: #d1d9e0; stroke-width: 1; }
@media (prefers-color-scheme: dark) {
.lineage text { fill: #e6edf3; }
.l-sheet { fill: #0d1117; }
.lineage .l-summary, .lineage .l-role, .lineage .l-small { fill: #9198a1; }
.lineage .l-remark, .lineage .l-doubt { fill: #e3a04d; }
.l-flag-box { fill: #e6edf3; }
.lineage .l-flag { fill: #0d1117; }
.l-icon { stroke: #9198a1; }
.l-card-proven { fill: #0f2a1c; stroke: #3fb975; }
.l-card-known { fill: #1c2129; stroke: #b1bac4; }
.l-card-claimed { fill: #0d1117; stroke: #6e7681; }
.l-card-denied { stroke: #f4776d; }
.lineage .l-ok { fill: #4ac585; }
.lineage .l-bad { fill: #f4776d; }
.l-link-proven { stroke: #3fb975; }
.l-link-contradicted { stroke: #f4776d; }
.l-link-unknown { stroke: #d9a032; }
.l-head-proven { fill: #3fb975; }
.l-head-contradicted { fill: #f4776d; }
.l-head-unknown { fill: #d9a032; }
.l-pill-claimed { fill: #0d1117; stroke: #6e7681; }
.l-pill-unknown { fill: #231a05; stroke: #d9a032; }
.lineage .l-on-proven, .lineage .l-on-contradicted { fill: #ffffff; }
.lineage .l-on-claimed { fill: #c9d1d9; }
.lineage .l-on-unknown { fill: #eec36b; }
.l-mark-unknown { stroke: #d9a032; }
.l-rule { stroke: #30363d; }
}
</style>
";

/// The beginning of the definitions: one arrowhead a grade.
pub(super) const DEFINITIONS: &str = "<defs>
<marker id=\"lineage-head-proven\" markerUnits=\"userSpaceOnUse\" markerWidth=\"16\" markerHeight=\"16\" refX=\"1\" refY=\"8\" orient=\"auto\"><path class=\"l-head-proven\" d=\"M0 1L12 8L0 15Z\"/></marker>
<marker id=\"lineage-head-claimed\" markerUnits=\"userSpaceOnUse\" markerWidth=\"16\" markerHeight=\"16\" refX=\"1\" refY=\"8\" orient=\"auto\"><path class=\"l-head-claimed\" d=\"M0 3L12 8L0 13Z\"/></marker>
<marker id=\"lineage-head-contradicted\" markerUnits=\"userSpaceOnUse\" markerWidth=\"16\" markerHeight=\"16\" refX=\"1\" refY=\"8\" orient=\"auto\"><path class=\"l-head-contradicted\" d=\"M0 2L12 8L0 14Z\"/></marker>
<marker id=\"lineage-head-unknown\" markerUnits=\"userSpaceOnUse\" markerWidth=\"16\" markerHeight=\"16\" refX=\"1\" refY=\"8\" orient=\"auto\"><path class=\"l-head-unknown\" d=\"M0 3L12 8L0 13Z\"/></marker>
";

/// The grades in the order in which they are shown.
pub(super) const GRADES: [EdgeGrade; 4] = [
    EdgeGrade::Proven,
    EdgeGrade::Claimed,
    EdgeGrade::Contradicted,
    EdgeGrade::Unknown,
];

/// What stands for a grade, drawn around its own middle, so that no font is needed.
pub(super) fn mark(grade: EdgeGrade) -> String {
    let path = match grade {
        EdgeGrade::Proven => "M-5 0.5L-1.5 4L5 -4",
        EdgeGrade::Contradicted => "M-4 -4L4 4M4 -4L-4 4",
        // A question mark.
        EdgeGrade::Unknown => "M-3 -3.2C-3 -6.8 3.4 -6.6 3.2 -3C3 -0.8 0 -1 0 1.6M0 5V5.1",
        // Somebody says so.
        EdgeGrade::Claimed => "M-6 -5H6V2.5H-0.5L-3.5 5.5V2.5H-6Z",
    };
    format!(
        "<path class=\"l-mark l-mark-{}\" d=\"{path}\"/>",
        grade.word()
    )
}

/// How to read the picture.
pub(super) fn legend(text: &mut String, corner: Point) {
    let _ = writeln!(
        text,
        "<g class=\"l-legend\" transform=\"translate({} {})\">\
         <line class=\"l-rule\" x1=\"0\" y1=\"0\" x2=\"836\" y2=\"0\"/>",
        number(corner.x),
        number(corner.y)
    );
    let links = [
        (EdgeGrade::Proven, "proven: signed, and bytes measured"),
        (EdgeGrade::Claimed, "claimed by a document"),
        (EdgeGrade::Contradicted, "contradicted"),
        (EdgeGrade::Unknown, "unknown"),
    ];
    let mut x = 0.0;
    for (grade, words) in links {
        let word = grade.word();
        let _ = writeln!(
            text,
            "<path class=\"l-link l-link-{word}\" d=\"M{} 24H{}\" marker-end=\"url(#lineage-head-{word})\"/>\
             <g transform=\"translate({} 24)\"><circle class=\"l-pill l-pill-{word}\" r=\"10\"/>{}</g>\
             <text class=\"l-small\" x=\"{}\" y=\"28\">{words}</text>",
            number(x),
            number(x + 44.0),
            number(x + 22.0),
            mark(grade),
            number(x + 66.0),
        );
        x += match grade {
            EdgeGrade::Proven => 296.0,
            EdgeGrade::Claimed => 220.0,
            _ => 168.0,
        };
    }
    let cards = [
        ("proven", "measured or signed, reached over proven links"),
        ("known", "measured or signed"),
        ("claimed", "only claimed"),
    ];
    let mut x = 0.0;
    for (class, words) in cards {
        let _ = writeln!(
            text,
            "<rect class=\"l-card l-card-{class}\" x=\"{}\" y=\"46\" width=\"52\" height=\"22\" rx=\"5\"/>\
             <text class=\"l-small\" x=\"{}\" y=\"61\">{words}</text>",
            number(x + 1.0),
            number(x + 66.0),
        );
        x += if class == "proven" { 376.0 } else { 220.0 };
    }
    text.push_str("</g>\n");
}
