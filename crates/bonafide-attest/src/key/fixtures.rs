//! Keys and signatures made once with OpenSSL 3.0; the private halves of the
//! public keys in this file are gone. All signatures are over `message`, which
//! is `m` in the commands.

/// `openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out rsa.pem`,
/// `openssl pkey -in rsa.pem -pubout`
pub(super) const RSA_2048: &str = "\
-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA2yLpYbgYjR+pkfLebdHb
gQkFgD0zWOMrJqj+qrDfDY6FGL5SjI0EKRGMwQqDc9QS5TUE00CPVEzbPpPfR0ED
+Vc6341WISfpnZquvH39BhwSgBQZKD0BUdUysWQLZeIKY1qjBi6BrdfCc+JWrzNx
i6y0moP2F3T7n+z2i0JDzzAbqLbMBCSfvZ/aXFgItGkUIz37gPVhPL8dMLoqblrr
i07NtXG0MPfblwZgKzjI0mEw2bHTGHVE+AMCU8a0PyFLCoyIpqIjYNEa68iKNdxe
82U6sa3JIpZwkAFjFY0Ucmo9eEcmGzlA3Ay2rNDc/S4xh2BpT5OGwn8msmW2fXdc
KwIDAQAB
-----END PUBLIC KEY-----
";

/// `openssl rsa -in rsa.pem -RSAPublicKey_out`
pub(super) const RSA_2048_PKCS1: &str = "\
-----BEGIN RSA PUBLIC KEY-----
MIIBCgKCAQEA2yLpYbgYjR+pkfLebdHbgQkFgD0zWOMrJqj+qrDfDY6FGL5SjI0E
KRGMwQqDc9QS5TUE00CPVEzbPpPfR0ED+Vc6341WISfpnZquvH39BhwSgBQZKD0B
UdUysWQLZeIKY1qjBi6BrdfCc+JWrzNxi6y0moP2F3T7n+z2i0JDzzAbqLbMBCSf
vZ/aXFgItGkUIz37gPVhPL8dMLoqblrri07NtXG0MPfblwZgKzjI0mEw2bHTGHVE
+AMCU8a0PyFLCoyIpqIjYNEa68iKNdxe82U6sa3JIpZwkAFjFY0Ucmo9eEcmGzlA
3Ay2rNDc/S4xh2BpT5OGwn8msmW2fXdcKwIDAQAB
-----END RSA PUBLIC KEY-----
";

/// As `RSA_2048`, with `rsa_keygen_bits:1024`.
pub(super) const RSA_1024: &str = "\
-----BEGIN PUBLIC KEY-----
MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQC21D49PiDI7cTv+Z3yIHH5qNn1
r75mvBuAbw1ITlrLPZyHQFjWcWZsRp4Vj+t5xEv0MpvQfY9rkUmCfQDfk4vp/6Nv
P/Qdj/UybYEQv51y2kcw+H9BG1XH3N53hsoPUoTNg7EemrWN2JfuASlMt36D8BRk
F2d9JpRe7tVQ7ePopwIDAQAB
-----END PUBLIC KEY-----
";

/// By the key `RSA_2048`: padding and hash, and the signature of
/// `openssl dgst -sha256 -sign rsa.pem m`, for PSS with
/// `-sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:digest` (or `max`).
pub(super) const RSA_SIGNATURES: [(&str, &str); 4] = [
    (
        "PKCS#1 v1.5, SHA-256",
        "fEpYzaRIjXHPZPNJsnFXFzOmu0KrMDRtJasdE9lFyoCUPvbk6uuOH4czODZpKWU/0Xh2MGgQPyJzc4buNi+ygLrYKsxrQDTuIaj4nX51orssuPYqaOXrApSRQ18OdVjXnwaG5K8xk0lrhpXSSoS0Ew1ETiVD49e/FZVnVjOuASVKSmYL3b98YKPqeAnND/nERu9qbnzBWssf1tsy65NH/HNNtd54UjBdT6UdnYX153N4qceBGb9iMN2QH3eYSAy2bHIeS9kdf9zvUeifhwbg1S0ThiIn9bYWT2AsO5LC8oqgHgu2KmD/yZ2Lafde0dFStYpwrTwbwbllcy4kxXApFQ==",
    ),
    (
        "PKCS#1 v1.5, SHA-512",
        "2aHnt4L3WJSwMOzlDcnsAwWhgEpULoQmjb1j0yyXEWgaD3lLpaF8NZCK/jCnDMBQzPBjOc42w3u3jdTsf401N390xIzfJu+eifFZ18C0NdeWw8cEI/mmNZWJZFOrzIGVKRc/vB8PHZfeD+Z3TIPjLJTvWIc3nqeUDYSE9ChWpedEIPQ1x6z47gDwSeaX3DHoDkhysgzJ68ZOhcBhq47++Uwzxgj0kz35V1XuEJbr+1n+cMvbalWb2rIGf4oVW3p3khNuPsU62JoRgNg5pEu1gMx4F9pZHi112QmVBIqNlLW19SQ7klHJG+YKRIW4XBxqAYFR/aMetE8C48oPDa9V2Q==",
    ),
    (
        "PSS, SHA-256, salt as long as the hash",
        "qKQfIQw7xQpMkcmGnw4Eh8bb3P5AdupI4epOnXZI7aQeOv7yRtx5eV9JhQ7ED2sCQ+zXeyuNytLaSyC/YG0hV12eP5CaCeAmk1albv7FkPMcVQMSbkLdG1AKsz4LC8ffXs+T7ckVj/dedC+crNOOPkQt/8yAN4e8t1SrNBmjpD9IxBJCZLIDil6ryVtRVV7zUkdBfflOOLGjKod1XogsJrdU7YG4qC1U9VvPkaKuaUJ7A68PYSeoN0FZgpOLJI4tTnNKEP94LLIaphyDZ3CThdBP1KQPBN+EtpXMh5zGkWhzfnlgHyxDQ6o9lHA82ldbhln4lnAfBQDZFItbePs3+A==",
    ),
    (
        "PSS, SHA-384, longest salt",
        "hlx7PeeJVG4YzKraQpb5OOxR7czS7+gaFJbxbuosBh9ak03IXiY5k9dAFJ3HOVxead3gMp9thHyPbxLlHGXoQQrXY7401++I3pdTd3p8685nsh6qna31EmkSnAsFn4e724Yk1q+AGGWiYrveYEbuJZgbJfm6szraaMOlI1Nv8PWdat0rfG+3uf+b2ytwtUKGMl1ZXkQn1kNUnilMiwmiHhnWkRPnVNcUNZgIwVDGkAVg0Y2a99x2MrtyvOgl36M98KeZOSFmJ2uJA6YQ4lvNEnm2MgIRNMljm1F3Mu32TgV92ftG8byyASSzmAtA25Cv00XC7RRRC5SY6qZGzWBRbw==",
    ),
];

/// `openssl dgst -sha1 -sign rsa.pem m`
pub(super) const RSA_SHA1_SIGNATURE: &str = "oG0pPl0KdfNE7JDLEwEqwdwhpp4wbW2tckyF6wZHhgwYRxSwRHiAoGBkGuuAC0qL4SUhbTrZHBSbikLz0e5FRSwdz1EDnREL3lNNvTTBLJr/UguHii8D+RUPKOn4B5UahX+XHH0Cztv3GlriwXwmpHuywgZd5UuL8Lb8ZCoIMw9SSzM0YBYAPSynKW0zaCHn6SPC2RACSWJ8qC/uN77axuDlub8fnBut8CK3q8RdfGaliAki2blmiwJl8M9NvdPLMJ+Zek8bHO6AWhqaxSPhIJ2dFBRbzhMOkKd5RPtbCKuzudEyJdttAGG5jQ/ySjoVC9aaGRFy+f/3zQPWNJywSg==";

/// `openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-384 -out p384.pem`,
/// `openssl pkey -in p384.pem -pubout`
pub(super) const P384: &str = "\
-----BEGIN PUBLIC KEY-----
MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAEJhNsZHJfsF75QHvviwJLNACnVsR1hTM9
8W884qmp5CiiM4DSicqP2rlOzffKDahqQf1YxyIZWv1oOZOlPaPGcMLJd55/ydsh
hVV33RSHyGDcsc26OmnyIo0BHWyxLGHD
-----END PUBLIC KEY-----
";

/// `openssl dgst -sha256 -sign p384.pem m`, and with the other hashes.
pub(super) const P384_SHA256_SIGNATURE: &str = "MGYCMQDg6Wi3xuquktiatJKzTL4Y0aBZKsUxHIq3nhf2HMytk9HvSF2Z91B3/emHWmdrKUoCMQC35PoUE2Llw3XJP+MERqp8bEsu0kR3AVjINxXQxFKl3/Ily2yf3Xm5xkUa7XWT0Fo=";
pub(super) const P384_SHA384_SIGNATURE: &str = "MGQCMCzYoNfB+gMudqaj8tTISnwPXpr2w50eUyJj97B9AOOwkQxSbkHmIBrO7OU8PZTXcwIwT5IsbXQ75eqwC2m+IVxj5zXjBw6tvmbW+iy99yd8CW2Xl74SHgufVKaqVrlBS6wz";
pub(super) const P384_SHA512_SIGNATURE: &str = "MGQCMDraIHH6/vgKAaQECOJNpAPCNrqb8WHiMhpUgMp0J8JVJa40kz2u4xkItD7szwjPxAIwJVs5atOevmqMACtUUbigpqio8zKABKPXWkWXGDG0JVGBVAYUU7gG97RUWVadDvMA";
