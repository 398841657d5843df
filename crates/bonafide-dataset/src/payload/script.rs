//! Which characters are invisible, and where scripts need them.

/// True for characters that take no room on the screen and join, part or pad others.
pub(super) const fn is_zero_width(character: char) -> bool {
    matches!(
        character,
        '\u{00AD}'
            | '\u{034F}'
            | '\u{115F}'..='\u{1160}'
            | '\u{17B4}'..='\u{17B5}'
            | '\u{180E}'
            | '\u{200B}'..='\u{200F}'
            | '\u{061C}'
            | '\u{2060}'..='\u{2064}'
            | '\u{206A}'..='\u{206F}'
            | '\u{3164}'
            | '\u{FEFF}'
            | '\u{FFA0}'
    )
}

/// True for the variation selectors VS1 to VS256.
pub(super) const fn is_selector(character: char) -> bool {
    matches!(character, '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}')
}

/// True for the tag block, assigned or not.
pub(super) const fn is_tag(character: char) -> bool {
    matches!(character, '\u{E0000}'..='\u{E007F}')
}

/// True for characters that open, close or override a direction.
pub(super) const fn is_direction(character: char) -> bool {
    matches!(character, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// True for control characters that text has no use for. C1 is not in it: there it is
/// nearly always text in Windows-1252 that was taken for Latin-1. Only what a terminal
/// acts on is looked for there, by [`super::control`].
pub(super) const fn is_control(character: char) -> bool {
    matches!(
        character,
        '\0'..='\u{08}' | '\u{0E}'..='\u{1F}' | '\u{7F}'
    )
}

/// True for what this module or its neighbours look at, outside of ASCII: everything else
/// is passed over.
pub(super) const fn is_of_interest(character: char) -> bool {
    is_zero_width(character)
        || is_selector(character)
        || is_tag(character)
        || is_direction(character)
        || matches!(character, '\u{80}'..='\u{9F}')
}

/// True where words are written with joiners and non-joiners: Arabic and the scripts
/// around it, those of India and South-East Asia, Mongolian.
pub(super) const fn uses_joiners(character: char) -> bool {
    matches!(
        character,
        '\u{0600}'..='\u{08FF}'
            | '\u{0900}'..='\u{109F}'
            | '\u{1700}'..='\u{1CFF}'
            | '\u{A800}'..='\u{AAFF}'
            | '\u{ABC0}'..='\u{ABFF}'
            | '\u{FB50}'..='\u{FDFF}'
            | '\u{FE70}'..='\u{FEFE}'
            | '\u{10A00}'..='\u{10FFF}'
            | '\u{11000}'..='\u{11FFF}'
            | '\u{1E900}'..='\u{1EEFF}'
    )
}

/// True where words stand without spaces, so that a space without width parts them: Thai,
/// Lao, Tibetan, Burmese, Khmer, Chinese, Japanese, Korean.
pub(super) const fn lacks_spaces(character: char) -> bool {
    uses_joiners(character)
        || matches!(
            character,
            '\u{1100}'..='\u{11FF}'
                | '\u{2E80}'..='\u{9FFF}'
                | '\u{A960}'..='\u{A97F}'
                | '\u{AC00}'..='\u{D7FF}'
                | '\u{F900}'..='\u{FAFF}'
                | '\u{FF00}'..='\u{FFEF}'
                | '\u{20000}'..='\u{3FFFF}'
        )
}

/// True for letters that are written from right to left.
pub(super) const fn is_right_to_left(character: char) -> bool {
    matches!(
        character,
        '\u{0590}'..='\u{08FF}'
            | '\u{FB1D}'..='\u{FDFF}'
            | '\u{FE70}'..='\u{FEFE}'
            | '\u{10800}'..='\u{10FFF}'
            | '\u{1E800}'..='\u{1EFFF}'
    )
}

/// True for what emoji are made of. Wider than the standard's list: it only excuses
/// joiners and selectors, and only next to such a character.
pub(super) const fn is_emoji(character: char) -> bool {
    matches!(
        character,
        '\u{00A9}'
            | '\u{00AE}'
            | '\u{203C}'
            | '\u{2049}'
            | '\u{20E3}'
            | '\u{2100}'..='\u{2BFF}'
            | '\u{3030}'
            | '\u{303D}'
            | '\u{3297}'
            | '\u{3299}'
            | '\u{1F000}'..='\u{1FBFF}'
    )
}

/// True for what takes a variation selector: everything but letters and spaces of ASCII
/// and Latin-1, which have no standardized variation.
pub(super) const fn takes_selector(character: char) -> bool {
    !(character.is_ascii_alphabetic()
        || matches!(
            character,
            ' ' | '\n' | '\r' | '\t' | '\u{A0}' | '\u{C0}'..='\u{FF}'
        ))
}
