//! A string that is borrowed or, with an allocator, owned.

#[cfg(feature = "alloc")]
use alloc::string::String;
use core::ops::Deref;

/// Owned text is wiped on drop: it may be a secret, and wiping costs almost nothing.
#[derive(Clone)]
pub(crate) enum Text<'a> {
    Borrowed(&'a str),
    #[cfg(feature = "alloc")]
    Owned(zeroize::Zeroizing<String>),
}

#[cfg(feature = "alloc")]
impl Text<'_> {
    pub(crate) fn into_owned(self) -> Text<'static> {
        match self {
            Self::Borrowed(text) => Text::Owned(String::from(text).into()),
            Self::Owned(text) => Text::Owned(text),
        }
    }
}

impl Deref for Text<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        match self {
            Self::Borrowed(text) => text,
            #[cfg(feature = "alloc")]
            Self::Owned(text) => text,
        }
    }
}

impl<'a> From<&'a str> for Text<'a> {
    fn from(text: &'a str) -> Self {
        Self::Borrowed(text)
    }
}
