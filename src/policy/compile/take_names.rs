//! Names of methods and headers.

use super::compiler::{Compiler, push_new};
use crate::{error::Violation, location::Location, policy::names};

impl Compiler {
    pub(super) fn take_vary_name(
        &mut self,
        location: &Location,
        name: &str,
    ) -> Result<(), Violation> {
        names::parse_vary_name(name)?;
        self.suspicions.vary_on.add(location, name);
        push_new(&mut self.rules.vary_on, name, str::eq_ignore_ascii_case);
        Ok(())
    }

    pub(super) fn take_method(&mut self, location: &Location, name: &str) -> Result<(), Violation> {
        names::parse_method(name)?;
        // A safelisted method in the list has no effect, and is not a mistake.
        if !fetch_standard::is_safelisted_method(name.as_bytes()) {
            self.suspicions.take_method(location, name);
            self.suspicions.methods.add(location, name);
            push_new(&mut self.rules.more_methods, name, str::eq);
        }
        Ok(())
    }

    pub(super) fn take_request_header(
        &mut self,
        location: &Location,
        name: &str,
    ) -> Result<(), Violation> {
        let name = names::parse_request_header(name)?;
        self.suspicions.take_request_header(location, &name);
        if name != fetch_standard::NON_WILDCARD_REQUEST_HEADER {
            self.suspicions.headers.add(location, &name);
        }
        self.rules.headers.add(name);
        Ok(())
    }

    pub(super) fn take_exposed_header(
        &mut self,
        location: &Location,
        name: &str,
    ) -> Result<(), Violation> {
        names::parse_exposed_header(name)?;
        if fetch_standard::is_safelisted_response_header_name(&name.to_ascii_lowercase()) {
            self.suspicions.safelisted_exposed.add(location, name);
        } else {
            self.suspicions.take_exposed_header(location, name);
            self.suspicions.exposed.add(location, name);
        }
        push_new(&mut self.rules.exposed, name, str::eq_ignore_ascii_case);
        Ok(())
    }
}
