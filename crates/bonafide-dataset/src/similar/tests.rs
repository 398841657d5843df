use super::twister::Twister;

/// The first draws of NumPy's `RandomState(1)`.
#[test]
fn the_generator_is_that_of_numpy() {
    let mut random = Twister::new(1);
    let drawn: Vec<u32> = (0..3).map(|_| random.draw()).collect();
    assert_eq!(drawn, [1_791_095_845, 4_282_876_139, 3_093_770_124]);
}
