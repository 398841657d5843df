//! How the page looks: on a screen of any width, light or dark, and on paper.
//!
//! Text has a contrast of at least 4.5 to 1 in both schemes, and no meaning hangs on a colour.

pub(super) const STYLE: &str = "
:root {
  color-scheme: light dark;
  --paper: #ffffff; --raised: #ffffff; --sunk: #f4f6f8; --ink: #1b2026; --soft: #525c67; --rule: #d5dbe1;
  --link: #0b57a4; --mark: #fff3c4;
  --good: #116b37; --bad: #a8201a; --doubt: #7a4a00; --waived: #5b3c99; --none: #525c67;
  --good-tint: #e7f5ec; --bad-tint: #fdecea; --doubt-tint: #fff4dc; --waived-tint: #f1ecfb; --none-tint: #eef1f4;
  --critical: #9b1c17; --high: #9a3f00; --medium: #765200; --low: #2b5b7e;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #0e1217; --raised: #151a21; --sunk: #1b222b; --ink: #e7ecf1; --soft: #a3afbb; --rule: #303a45;
    --link: #7db7f5; --mark: #4a3d0a;
    --good: #5ccf8d; --bad: #ff8f85; --doubt: #f0bf63; --waived: #c3a9f7; --none: #a3afbb;
    --good-tint: #10291b; --bad-tint: #331512; --doubt-tint: #2d210a; --waived-tint: #221a36; --none-tint: #1d242d;
    --critical: #ff8f85; --high: #ffab6b; --medium: #f0cb63; --low: #8ec5ee;
  }
}
* { box-sizing: border-box; }
html { scroll-behavior: smooth; -webkit-text-size-adjust: 100%; }
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.55 system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif; overflow-wrap: break-word; }
code, h1, h3, h4 { overflow-wrap: anywhere; }
a { color: var(--link); text-underline-offset: 2px; }
a:focus-visible, summary:focus-visible, [tabindex]:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; border-radius: 4px; }
code, pre { font: 0.875em/1.5 ui-monospace, 'SF Mono', 'Cascadia Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace; }
p { margin: 0 0 .6em; }
h2 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 1rem; letter-spacing: -.01em; }
h3 { font-size: 1.0625rem; line-height: 1.35; margin: 1.6rem 0 .6rem; }
h4 { font-size: 1.125rem; line-height: 1.35; margin: 0; }
ul { margin: .2em 0 .6em; padding-left: 1.25em; }
dl, dd { margin: 0; }
.small { font-size: .8125rem; color: var(--soft); font-weight: 400; }
.skip { position: absolute; left: -999px; top: 0; background: var(--ink); color: var(--paper); padding: 10px 16px; z-index: 2; }
.skip:focus { left: 8px; top: 8px; }

.banner { border-bottom: 1px solid var(--rule); border-top: 8px solid var(--tone); background: var(--tint); }
.banner.allow { --tone: var(--good); --tint: var(--good-tint); }
.banner.deny { --tone: var(--bad); --tint: var(--bad-tint); }
.banner.undecided { --tone: var(--doubt); --tint: var(--doubt-tint); }
.banner.nothing { --tone: var(--none); --tint: var(--none-tint); }
.inner, .layout, footer { max-width: 1240px; margin: 0 auto; padding: 0 32px; }
.inner { padding-top: 22px; padding-bottom: 26px; }
.brand { font-size: .875rem; font-weight: 600; color: var(--soft); margin: 0 0 18px; }
.verdict { display: flex; gap: 24px; align-items: flex-start; }
.verdict > div { min-width: 0; }
.shape { flex: none; width: 84px; height: 84px; fill: none; stroke: var(--tone); stroke-width: 5; stroke-linecap: round; stroke-linejoin: round; }
.word { margin: 0; font-size: 2.5rem; line-height: 1.1; font-weight: 800; letter-spacing: -.02em; color: var(--tone); }
h1 { margin: 4px 0 6px; font-size: 1.25rem; line-height: 1.35; font-weight: 600; }
.means { margin: 0; color: var(--soft); }
.consequence { color: var(--ink); }
.facts { display: flex; flex-wrap: wrap; gap: 10px 36px; margin-top: 22px; }
.facts dt { font-size: .8125rem; color: var(--soft); }
.facts dd { font-weight: 600; }

.layout { display: grid; grid-template-columns: 168px minmax(0, 1fr); gap: 44px; padding-top: 32px; align-items: start; }
nav { position: sticky; top: 24px; font-size: .9375rem; }
nav ul { list-style: none; margin: 0; padding: 0; border-left: 1px solid var(--rule); }
nav a { display: block; padding: 5px 0 5px 14px; color: var(--soft); text-decoration: none; }
nav a:hover { color: var(--ink); text-decoration: underline; }
main > section { margin-bottom: 52px; scroll-margin-top: 16px; }

.reasons { border-left: 4px solid var(--rule); padding: 2px 0 2px 16px; margin-bottom: 20px; }
.reasons ul { margin: 0; padding: 0; list-style: none; }
.reasons li { margin: 4px 0; }
.tiles { list-style: none; margin: 0; padding: 0; display: grid; grid-template-columns: repeat(auto-fit, minmax(190px, 1fr)); gap: 14px; }
.tiles li { border: 1px solid var(--rule); border-radius: 10px; background: var(--raised); padding: 14px 18px; }
.tiles a { color: inherit; text-decoration: none; }
.tiles a:hover .noun { text-decoration: underline; }
.number { font-size: 2rem; line-height: 1.1; font-weight: 750; font-variant-numeric: tabular-nums; }
.noun { font-weight: 600; }
.about { display: block; font-size: .875rem; color: var(--soft); }

.card { border: 1px solid var(--rule); border-left: 5px solid var(--edge, var(--rule)); border-radius: 10px; background: var(--raised); padding: 16px 20px; margin: 0 0 16px; }
.card.critical { --edge: var(--critical); } .card.high { --edge: var(--high); } .card.medium { --edge: var(--medium); } .card.low { --edge: var(--low); }
.card.open { --edge: var(--doubt); }
.card > header { display: flex; flex-wrap: wrap; gap: 6px 16px; align-items: baseline; justify-content: space-between; margin-bottom: 10px; }
.card h3 { margin: 0; }
.card > :last-child { margin-bottom: 0; }
.labels { margin: 0; display: flex; flex-wrap: wrap; gap: 6px; align-items: center; }
.chip, .label { display: inline-block; font-size: .8125rem; line-height: 1.5; white-space: nowrap; border-radius: 999px; padding: 1px 10px; border: 1px solid var(--rule); }
.chip { font-weight: 650; border-color: currentColor; }
.label { color: var(--soft); }
.chip.critical { color: var(--critical); } .chip.high { color: var(--high); } .chip.medium { color: var(--medium); } .chip.low { color: var(--low); }
.group .chip { font-size: .9375rem; }
.list { list-style: none; margin: 0 0 14px; padding: 0; border-top: 1px solid var(--rule); }
.list > li { padding: 10px 0; border-bottom: 1px solid var(--rule); }
.list p { margin: 0; }
.where { font-weight: 650; }
.kind { font-size: .8125rem; font-weight: 400; color: var(--soft); }
.hint { margin-top: 4px; }
.digests { margin-top: 6px; font-size: .9375rem; }
.digests div { display: grid; grid-template-columns: 5.5em minmax(0, 1fr); }
.digests dt { color: var(--soft); }
.advice > div { display: grid; grid-template-columns: 12em minmax(0, 1fr); gap: 0 16px; padding: 6px 0; }
.advice dt { font-weight: 600; color: var(--soft); font-size: .9375rem; }
.advice dd > ul { list-style: none; margin: 0; padding: 0; }
.rule { border-left: 3px solid var(--rule); padding-left: 12px; margin-bottom: 10px; }
.rule p { margin: 0 0 .3em; }
.more { color: var(--soft); font-style: italic; }
summary { cursor: pointer; font-weight: 600; color: var(--link); padding: 4px 0; }
details[open] > summary { margin-bottom: 8px; }
main > section > details { margin-bottom: 16px; }

.outcome { font-weight: 650; white-space: nowrap; color: var(--none); }
.outcome.good { color: var(--good); } .outcome.bad { color: var(--bad); } .outcome.doubt { color: var(--doubt); } .outcome.waived { color: var(--waived); }
.box { overflow-x: auto; margin-bottom: 16px; border: 1px solid var(--rule); border-radius: 10px; background: var(--raised); }
table { border-collapse: collapse; width: 100%; font-size: .875rem; }
caption { text-align: left; padding: 12px 16px 8px; font-weight: 600; }
th, td { text-align: left; vertical-align: top; padding: 9px 16px 9px 0; border-top: 1px solid var(--rule); }
th:first-child, td:first-child { padding-left: 16px; }
thead th { font-size: .8125rem; color: var(--soft); white-space: nowrap; }
tbody th { font-weight: 400; min-width: 12em; }
td ul { list-style: none; padding: 0; margin: 0; }
td p { margin: 0; }
tr.group th { background: var(--sunk); font-weight: 650; }
tr:target > *, .card:target { background: var(--mark); }
tr[id], article[id] { scroll-margin-top: 16px; }
.index { margin-bottom: 16px; }
.index div { display: grid; grid-template-columns: 9em minmax(0, 1fr); gap: 16px; padding: 3px 0; }
.index dt { font-weight: 600; color: var(--soft); }
.index a { white-space: nowrap; margin-right: .4em; }
.picture { overflow: auto; border: 1px solid var(--rule); border-radius: 10px; margin-bottom: 12px; }
.picture svg { display: block; margin: 0 auto; max-width: none; }
pre { overflow: auto; background: var(--sunk); border-radius: 8px; padding: 14px 16px; margin: 0; overflow-wrap: normal; }
footer { border-top: 1px solid var(--rule); padding-top: 18px; padding-bottom: 28px; color: var(--soft); font-size: .875rem; }

@media (max-width: 1020px) {
  .layout { grid-template-columns: minmax(0, 1fr); gap: 24px; padding-top: 20px; }
  nav { position: static; }
  nav ul { border: 0; display: flex; flex-wrap: wrap; gap: 8px; }
  nav a { padding: 3px 12px; border: 1px solid var(--rule); border-radius: 999px; }
}
@media (max-width: 720px) {
  .inner, .layout, footer { padding-left: 16px; padding-right: 16px; }
  .verdict { gap: 16px; }
  .shape { width: 56px; height: 56px; }
  .word { font-size: 1.875rem; }
  h1 { font-size: 1.0625rem; }
  .facts { display: grid; grid-template-columns: 1fr 1fr; gap: 10px 16px; }
  .facts dd { font-size: .875rem; }
  .tiles { grid-template-columns: 1fr 1fr; gap: 10px; }
  .tiles li { padding: 12px 14px; }
  .card { padding: 14px; }
  .advice > div, .index div { grid-template-columns: minmax(0, 1fr); }
  .digests div { grid-template-columns: minmax(0, 1fr); }
  table, tbody, tr, th, td, caption { display: block; width: 100%; }
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  tbody tr { border-top: 1px solid var(--rule); padding: 10px 0; }
  tbody th, td { border: 0; padding: 3px 14px; min-width: 0; }
  th:first-child, td:first-child { padding-left: 14px; }
  td { display: grid; grid-template-columns: 7.5em minmax(0, 1fr); gap: 10px; }
  td:has(> div:empty) { display: none; }
  tbody th { font-weight: 650; }
  td::before { content: attr(data-label); font-size: .8125rem; color: var(--soft); padding-top: 1px; }
  tr.group { padding: 0; }
  tr.group th { padding: 8px 14px; }
}
@media print {
  :root { color-scheme: light; --paper: #ffffff; --raised: #ffffff; --sunk: #f4f6f8; --ink: #000000; --soft: #444444; --rule: #bbbbbb; --link: #000000;
    --good: #0b5a2c; --bad: #8f1b16; --doubt: #6b4100; --waived: #4c3180; --none: #444444; --critical: #8f1b16; --high: #843600; --medium: #654600; --low: #244e6c;
    --good-tint: #ffffff; --bad-tint: #ffffff; --doubt-tint: #ffffff; --none-tint: #ffffff; }
  body { font-size: 10.5pt; }
  nav, .skip { display: none; }
  .layout { display: block; }
  .card, tr, .tiles li { break-inside: avoid; }
  .box, .picture, pre { overflow: visible; }
  .picture svg { max-width: 100%; height: auto; }
  details::details-content { content-visibility: visible; display: block; height: auto; }
}
";

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::STYLE;

    /// Named colours of the first rule behind a place.
    fn colours(style: &str) -> BTreeMap<&str, &str> {
        let (rule, _) = style.split_once('}').unwrap();
        rule.split("--")
            .skip(1)
            .map(|part| part.split_once(": ").unwrap())
            .map(|(name, value)| (name, value.get(..7).unwrap()))
            .collect()
    }

    /// WCAG 2.2, relative luminance.
    fn luminance(colour: &str) -> f64 {
        let part = |from: usize| {
            let value = u8::from_str_radix(colour.get(from..from + 2).unwrap(), 16).unwrap();
            let value = f64::from(value) / 255.0;
            if value <= 0.040_45 {
                value / 12.92
            } else {
                ((value + 0.055) / 1.055).powf(2.4)
            }
        };
        0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5)
    }

    #[test]
    fn text_has_contrast_in_both_schemes() {
        let (_, dark) = STYLE.split_once("prefers-color-scheme: dark").unwrap();
        for scheme in [STYLE, dark] {
            let known = colours(scheme);
            let mut pairs = 0;
            for (ground, _) in known.iter().filter(|(name, _)| {
                ["paper", "raised", "sunk", "mark"].contains(name) || name.ends_with("-tint")
            }) {
                for text in [
                    "ink", "soft", "link", "good", "bad", "doubt", "waived", "none", "critical",
                    "high", "medium", "low",
                ] {
                    let (one, other) = (luminance(known[ground]), luminance(known[text]));
                    let contrast = (one.max(other) + 0.05) / (one.min(other) + 0.05);
                    assert!(contrast >= 4.5, "{text} on {ground}: {contrast:.2}");
                    pairs += 1;
                }
            }
            assert!(pairs > 80);
        }
    }
}
