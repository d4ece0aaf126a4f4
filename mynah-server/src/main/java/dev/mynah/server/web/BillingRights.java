package dev.mynah.server.web;

import dev.mynah.server.account.Caller;
import dev.mynah.server.account.OrganisationRepository;
import dev.mynah.server.account.Scopes;
import org.springframework.stereotype.Component;

/** Who may look at and decide about an organisation's money: its owners, and their keys of the scope {@code billing}. */
@Component
public final class BillingRights {
    private final OrganisationRepository organisations;

    BillingRights(OrganisationRepository organisations) {
        this.organisations = organisations;
    }

    /** @throws ApiException if the caller may not */
    public void require(Caller caller) {
        caller.require(Scopes.BILLING);
        if (!organisations.isOwner(caller.organisationId(), caller.userId())) {
            throw ApiException.forbidden("Only an owner of the organisation may do this.");
        }
    }
}
