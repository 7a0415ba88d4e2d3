//! A place in a row of octets, and what is asked of it next.

use super::PduError;

/// The octets not yet read.
pub(super) struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(super) fn new(octets: &'a [u8]) -> Self {
        Self { rest: octets }
    }

    /// The next octet, which is `field`.
    pub(super) fn octet(&mut self, field: &'static str) -> Result<u8, PduError> {
        self.take(1, field).map(|octets| octets[0])
    }

    /// The next `needed` octets, which are `field`.
    pub(super) fn take(
        &mut self,
        needed: usize,
        field: &'static str,
    ) -> Result<&'a [u8], PduError> {
        let Some((taken, rest)) = self.rest.split_at_checked(needed) else {
            return Err(PduError::Short { field, needed, left: self.rest.len() });
        };
        self.rest = rest;
        Ok(taken)
    }

    /// Seven octets, the size of a time and of an enhanced validity period.
    pub(super) fn seven(&mut self, field: &'static str) -> Result<[u8; 7], PduError> {
        let octets = self.take(7, field)?;
        Ok(octets.try_into().expect("take gives as many octets as were asked for"))
    }

    /// Everything that is left.
    pub(super) fn rest(&mut self) -> &'a [u8] {
        std::mem::take(&mut self.rest)
    }
}
