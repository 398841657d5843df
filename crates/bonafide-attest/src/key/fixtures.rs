//! Keys and signatures made once with OpenSSL 3.0, to be tested with and for
//! nothing else. All signatures are over `message`, which is `m` in the
//! commands. The password of every encrypted key is `secret`.

/// `openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out rsa.pem`,
/// `openssl pkey -in rsa.pem -pubout`
pub(crate) const RSA_2048: &str = "\
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
pub(crate) const RSA_2048_PKCS1: &str = "\
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
pub(crate) const RSA_1024: &str = "\
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
pub(crate) const RSA_SIGNATURES: [(&str, &str); 4] = [
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
pub(crate) const RSA_SHA1_SIGNATURE: &str = "oG0pPl0KdfNE7JDLEwEqwdwhpp4wbW2tckyF6wZHhgwYRxSwRHiAoGBkGuuAC0qL4SUhbTrZHBSbikLz0e5FRSwdz1EDnREL3lNNvTTBLJr/UguHii8D+RUPKOn4B5UahX+XHH0Cztv3GlriwXwmpHuywgZd5UuL8Lb8ZCoIMw9SSzM0YBYAPSynKW0zaCHn6SPC2RACSWJ8qC/uN77axuDlub8fnBut8CK3q8RdfGaliAki2blmiwJl8M9NvdPLMJ+Zek8bHO6AWhqaxSPhIJ2dFBRbzhMOkKd5RPtbCKuzudEyJdttAGG5jQ/ySjoVC9aaGRFy+f/3zQPWNJywSg==";

/// `openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-384 -out p384.pem`,
/// `openssl pkey -in p384.pem -pubout`
pub(crate) const P384: &str = "\
-----BEGIN PUBLIC KEY-----
MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAEJhNsZHJfsF75QHvviwJLNACnVsR1hTM9
8W884qmp5CiiM4DSicqP2rlOzffKDahqQf1YxyIZWv1oOZOlPaPGcMLJd55/ydsh
hVV33RSHyGDcsc26OmnyIo0BHWyxLGHD
-----END PUBLIC KEY-----
";

/// `openssl dgst -sha256 -sign p384.pem m`, and with the other hashes.
pub(crate) const P384_SHA256_SIGNATURE: &str = "MGYCMQDg6Wi3xuquktiatJKzTL4Y0aBZKsUxHIq3nhf2HMytk9HvSF2Z91B3/emHWmdrKUoCMQC35PoUE2Llw3XJP+MERqp8bEsu0kR3AVjINxXQxFKl3/Ily2yf3Xm5xkUa7XWT0Fo=";
pub(crate) const P384_SHA384_SIGNATURE: &str = "MGQCMCzYoNfB+gMudqaj8tTISnwPXpr2w50eUyJj97B9AOOwkQxSbkHmIBrO7OU8PZTXcwIwT5IsbXQ75eqwC2m+IVxj5zXjBw6tvmbW+iy99yd8CW2Xl74SHgufVKaqVrlBS6wz";
pub(crate) const P384_SHA512_SIGNATURE: &str = "MGQCMDraIHH6/vgKAaQECOJNpAPCNrqb8WHiMhpUgMp0J8JVJa40kz2u4xkItD7szwjPxAIwJVs5atOevmqMACtUUbigpqio8zKABKPXWkWXGDG0JVGBVAYUU7gG97RUWVadDvMA";

/// `openssl genpkey -algorithm ed25519 -out ed.pem`
pub(crate) const ED25519_PRIVATE: &str = "\
-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEICUX81H5WlfowyO7Ci3BqaWXiysriHaYOf9TMA4Ksj0I
-----END PRIVATE KEY-----
";

/// `openssl pkey -in ed.pem -pubout`
pub(crate) const ED25519_PUBLIC: &str = "\
-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEAE64PX07PX79qrGHzZehGLUh1P5+bziFHcoGEE73K+Ps=
-----END PUBLIC KEY-----
";

/// `openssl pkcs8 -topk8 -in ed.pem -v2 aes-256-cbc -passout pass:secret`
pub(crate) const ED25519_ENCRYPTED: &str = "\
-----BEGIN ENCRYPTED PRIVATE KEY-----
MIGbMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAgbPD1TQlQLIgICCAAw
DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEIJnQT50iokw2Lpxav1+PWsEQJDm
1R2KhcubdV/ZBKOGSQt5XtrGLeiqIkbq44jIBWTrQBDyvb62+irBjmKcrPzgypGV
RejNNoBAHSs8/8QBcGs=
-----END ENCRYPTED PRIVATE KEY-----
";

/// As `ED25519_ENCRYPTED`, with `-iter 16777217`.
pub(crate) const ED25519_ABSURD: &str = "\
-----BEGIN ENCRYPTED PRIVATE KEY-----
MIGdMFkGCSqGSIb3DQEFDTBMMCsGCSqGSIb3DQEFDDAeBAjd+xZ1gCQPmwIEAQAA
ATAMBggqhkiG9w0CCQUAMB0GCWCGSAFlAwQBKgQQnJztD7KqWUoW8O9yM9L00gRA
ZneE5QpYuF04EbnSa9FxRCNd71/NtsROqDkiD52BJAEpYCY1v9db6GlXYe3q+uit
GlA9yu/lZD0B4f5AjZeFwQ==
-----END ENCRYPTED PRIVATE KEY-----
";

/// `openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out p256.pem`
pub(crate) const P256_PRIVATE: &str = "\
-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg+8ijFD7Yt7IxoVUM
VwwD57aJ2Zacnaj/A2bpe8in0ouhRANCAATufcRlLroVorMh9avw3AYnr8sYA9t3
Jj8KEMog1FVf5znomfVCl3W1Q/u8l72Eboudlo2pFOKs8c9JKl3k7luL
-----END PRIVATE KEY-----
";

/// `openssl ec -in p256.pem`
pub(crate) const P256_SEC1: &str = "\
-----BEGIN EC PRIVATE KEY-----
MHcCAQEEIPvIoxQ+2LeyMaFVDFcMA+e2idmWnJ2o/wNm6XvIp9KLoAoGCCqGSM49
AwEHoUQDQgAE7n3EZS66FaKzIfWr8NwGJ6/LGAPbdyY/ChDKINRVX+c56Jn1Qpd1
tUP7vJe9hG6LnZaNqRTirPHPSSpd5O5biw==
-----END EC PRIVATE KEY-----
";

/// `openssl pkey -in p256.pem -pubout`
pub(crate) const P256_PUBLIC: &str = "\
-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE7n3EZS66FaKzIfWr8NwGJ6/LGAPb
dyY/ChDKINRVX+c56Jn1Qpd1tUP7vJe9hG6LnZaNqRTirPHPSSpd5O5biw==
-----END PUBLIC KEY-----
";

/// `openssl pkcs8 -topk8 -in p256.pem -scrypt -passout pass:secret`
pub(crate) const P256_SCRYPT: &str = "\
-----BEGIN ENCRYPTED PRIVATE KEY-----
MIHkME8GCSqGSIb3DQEFDTBCMCEGCSsGAQQB2kcECzAUBAiwOYgnlywUKQICQAAC
AQgCAQEwHQYJYIZIAWUDBAEqBBAD/ANUF4xJF+zLKFRQfBz9BIGQ4/oEz5cg5QBl
wDqyPokcbDF8rOr2WcsXRAl5w0B6fHXZXgbgnAZTIXSBKMfksoSiG12o3+YJTvA5
bCIAYxJfY6YGYPxmkxMdR/xlsvvwvTvw+lEDnjQyGfMcwWm5buZVQV1y1BcwNz0E
6gtY2J/VI/2uHN151FK5zEiubfBwPbJBQoZadnxz49JpCjxdm84n
-----END ENCRYPTED PRIVATE KEY-----
";

/// `openssl pkcs8 -topk8 -in p256.pem -v2 aes-128-cbc -v2prf hmacWithSHA1 -passout pass:secret`
pub(crate) const P256_SHA1: &str = "\
-----BEGIN ENCRYPTED PRIVATE KEY-----
MIHeMEkGCSqGSIb3DQEFDTA8MBsGCSqGSIb3DQEFDDAOBAhwmdxccMWbeQICCAAw
HQYJYIZIAWUDBAECBBB5Z+YYjV2Zg3xwZDOIQ3rhBIGQCkQazay/qhDtPMyDYwf1
D0s8BauqyzD5KJCjVzDY57D4g+q4p9/qB215MvwvpC77gL1traXZ1Cs4rD9e1yMy
ClG0a7nDMwF+txMCMAf8chV5M5mkZkqwj85bImruyd1xU8RrV8qAiohtFlqzkFCm
WnyXN9D0IuFJRPTbuGBaqbCCnGsswP6hBlRtCVpJksmE
-----END ENCRYPTED PRIVATE KEY-----
";

/// `openssl pkcs8 -topk8 -in p256.pem -v1 PBE-SHA1-3DES -passout pass:secret`
pub(crate) const P256_PBES1: &str = "\
-----BEGIN ENCRYPTED PRIVATE KEY-----
MIGxMBwGCiqGSIb3DQEMAQMwDgQIk44URgjAPaUCAggABIGQe5IDAl3Tu39Q86l8
3WXtllpaM17UsJIoNgnjQEWoQaaBsxqJ6bV6D6dqGI5VNAQd0WLxJnxRYYgy6zbS
Yqdf4CHZaS7V9VSM355zogB7kJr6HarMUZTmhgR3Qid6S/iSN0vJ9mM8wKzoy+qp
V8aU5DM+qQyt75VbJ6IDv24PJvhOTM8oA70UsDPj0k5l6H0t
-----END ENCRYPTED PRIVATE KEY-----
";

/// `openssl ec -in p256.pem -aes128 -passout pass:secret`
pub(crate) const P256_LEGACY: &str = "\
-----BEGIN EC PRIVATE KEY-----
Proc-Type: 4,ENCRYPTED
DEK-Info: AES-128-CBC,E4EAB66A18C91C715B72FA23361BAC2E

0+kJNYtX8kLTPVIMEW7BsNmYY+RAklrlEJt24/a5c3AwxO53160XoXVLUHVgsAgF
tdwMHnrjx0yFzlB2OlCR4FoS7nI+9Y83mSBqmGa6n9bLudUL5012qt4dJj7o/iqQ
Btt7z90whiELYngu43qL/VieONVcGmSmswpW2ppVIrc=
-----END EC PRIVATE KEY-----
";

/// `openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:1024`
pub(crate) const RSA_PRIVATE: &str = "\
-----BEGIN PRIVATE KEY-----
MIICdgIBADANBgkqhkiG9w0BAQEFAASCAmAwggJcAgEAAoGBALbUPj0+IMjtxO/5
nfIgcfmo2fWvvma8G4BvDUhOWss9nIdAWNZxZmxGnhWP63nES/Qym9B9j2uRSYJ9
AN+Ti+n/o28/9B2P9TJtgRC/nXLaRzD4f0EbVcfc3neGyg9ShM2DsR6atY3Yl+4B
KUy3foPwFGQXZ30mlF7u1VDt4+inAgMBAAECgYEAiqu4+WKiI0SU1x+ReRC64g38
I6lE1U9f3K5eeLVVkEoO61cXCq/Aa+e0B869YAJPSc0I+b4ChigQhXSisPGMcItM
/CIyms4laCnFyiMdmpqoatwEsCl546XyzlPef8wOp8RTnYDpWpbjCA5Xo+TFvpy7
J1ETFmUYePU4DGoUV0ECQQDarmS4serp/1MKlqrChW7IFdRyy79AuQQMKi8phDye
ystC6blnEuArClnBqgpWQBQNfEIXDBQo1zZwyOzG8KIvAkEA1geQT5ph8VX7Uxrp
nrRdBZcpCjRnBW4JoWn0kbI+gsnKH1kHsbcYjRQgCN3db60gK3gUGFLNSwl+CWd/
elDbCQJAAjjneSEFvB8GHwNs9NEaURo3sHr1lJjMu7rqA8f+Pbbd3e42HiAI+yb9
xoQN2taH3aM3oLhUtB2LxhWkoljrrQJAdgTRtLNikptg7KCIdjTqnmyN+syOilX1
BYbRj42EHsZ6p/KF5Z8a8KBKUdlVg4Epng6mtgrinR/s2e6yQpZXUQJAFo1xuk98
woO5TSwajvoEtPI0oPZZwB19Wrn6cp7dRpuzIXV74PD8uNrG6NXqZno0QlhmfKQE
WJYRteHwknBrJg==
-----END PRIVATE KEY-----
";
