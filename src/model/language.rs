//! A language tag as people write it in a flow: `en`, `fr`, `en-LR`.

/// A language of a flow or of a contact; compared without regard to capitals.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Language(String);

impl Language {
    /// Makes a tag from what was written; capitals are put in order (`EN-lr` is `en-LR`).
    pub fn new(tag: &str) -> Language {
        let mut parts = tag.trim().split(['-', '_']);
        let mut whole = parts.next().unwrap_or_default().to_lowercase();
        for part in parts {
            whole.push('-');
            whole.push_str(&part.to_uppercase());
        }
        Language(whole)
    }

    /// The whole tag.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The part before the region: Liberian English (`en-LR`) is read with the English lexicon too.
    pub fn base(&self) -> Language {
        Language(self.0.split('-').next().unwrap_or_default().to_owned())
    }
}

impl std::fmt::Display for Language {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_the_same_however_its_capitals_are_typed() {
        assert_eq!(Language::new("EN_lr"), Language::new("en-LR"));
        assert_eq!(Language::new("en-LR").base(), Language::new("en"));
    }
}
