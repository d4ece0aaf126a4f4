package dev.mynah.server.privacy;

import dev.mynah.server.account.Caller;
import dev.mynah.server.account.IdentityRepository;
import dev.mynah.server.account.OrganisationRepository;
import dev.mynah.server.account.PasskeyRepository;
import dev.mynah.server.account.Sessions;
import dev.mynah.server.account.User;
import dev.mynah.server.account.UserRepository;
import dev.mynah.server.api.StoredArchive;
import dev.mynah.server.billing.Plan;
import dev.mynah.server.billing.PlanRepository;
import dev.mynah.server.billing.QuotaRepository;
import dev.mynah.server.billing.QuotaRepository.Span;
import dev.mynah.server.billing.QuotaRepository.Used;
import dev.mynah.server.billing.UsageRepository;
import dev.mynah.server.conversation.ConversationArchive;
import dev.mynah.server.feedback.FeedbackArchive;
import dev.mynah.server.file.StoredFile;
import dev.mynah.server.file.StoredFiles;
import dev.mynah.server.web.ApiException;
import dev.mynah.server.web.JsonObject;
import dev.mynah.server.web.SignedInBrowser;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/** What a user may use, takes along, and leaves behind. */
@RestController
final class PrivacyController {
    private static final Logger LOG = LoggerFactory.getLogger(PrivacyController.class);

    private final UserRepository users;
    private final SignedInBrowser browser;
    private final Sessions sessions;
    private final PasskeyRepository passkeys;
    private final IdentityRepository identities;
    private final OrganisationRepository organisations;
    private final Erasure erasure;
    private final ConversationArchive conversations;
    private final FeedbackArchive feedback;
    private final StoredArchive stored;
    private final StoredFiles files;
    private final UsageRepository usage;
    private final PlanRepository plans;
    private final QuotaRepository quotas;
    private final JsonMapper mapper;
    private final Clock clock;

    PrivacyController(
            UserRepository users,
            SignedInBrowser browser,
            Sessions sessions,
            PasskeyRepository passkeys,
            IdentityRepository identities,
            OrganisationRepository organisations,
            Erasure erasure,
            ConversationArchive conversations,
            FeedbackArchive feedback,
            StoredArchive stored,
            StoredFiles files,
            UsageRepository usage,
            PlanRepository plans,
            QuotaRepository quotas,
            JsonMapper mapper,
            Clock clock) {
        this.users = users;
        this.browser = browser;
        this.sessions = sessions;
        this.passkeys = passkeys;
        this.identities = identities;
        this.organisations = organisations;
        this.erasure = erasure;
        this.conversations = conversations;
        this.feedback = feedback;
        this.stored = stored;
        this.files = files;
        this.usage = usage;
        this.plans = plans;
        this.quotas = quotas;
        this.mapper = mapper;
        this.clock = clock;
    }

    /** What of a plan's day is used. */
    record QuotaBody(
            String plan,
            boolean metered,
            long requests,
            long requestLimit,
            long tokens,
            long tokenLimit,
            Instant resetsAt) {}

    @GetMapping("/api/account/quota")
    QuotaBody quota(Caller caller) {
        Instant now = clock.instant();
        Plan plan = plans.ofOrganisation(caller.organisationId());
        Used used = quotas.used(caller.organisationId(), Span.DAY, now);
        return new QuotaBody(
                plan.name(),
                plan.metered(),
                used.requests(),
                plan.perDay().requests(),
                used.tokens(),
                plan.perDay().tokens(),
                Span.DAY.end(now));
    }

    /** Everything that is kept of a user, as a ZIP file. */
    @GetMapping("/api/account/export")
    void export(Caller caller, HttpServletResponse response) throws IOException {
        User user = users.find(caller.userId()).orElseThrow();
        response.setContentType("application/zip");
        response.setHeader(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"mynah-export.zip\"");
        ZipOutputStream zip = new ZipOutputStream(response.getOutputStream());
        write(zip, "account.json", mapper.writeValueAsBytes(user));
        write(
                zip,
                "security.json",
                mapper.writeValueAsBytes(Map.of(
                        "sessions", sessions.ofUser(user.id()),
                        "passkeys",
                                passkeys.ofUser(user.id()).stream()
                                        .map(PasskeyRepository.Passkey::name)
                                        .toList(),
                        "providers", identities.issuers(user.id()),
                        "organisations", organisations.memberships(user.id()))));
        zip.putNextEntry(new ZipEntry("conversations.json"));
        conversations.write(user.id(), zip);
        zip.closeEntry();
        zip.putNextEntry(new ZipEntry("responses.json"));
        stored.writeResponses(user.id(), zip);
        zip.closeEntry();
        zip.putNextEntry(new ZipEntry("chat_completions.json"));
        stored.writeCompletions(user.id(), zip);
        zip.closeEntry();
        write(zip, "assistants.json", conversations.others(user.id()));
        write(zip, "feedback.json", feedback.of(user.id()));
        write(
                zip,
                "usage.json",
                mapper.writeValueAsBytes(
                        usage.byDay(caller.organisationId(), user.id(), Instant.EPOCH, clock.instant())));
        writeFiles(zip, user.id());
        zip.finish();
    }

    private void writeFiles(ZipOutputStream zip, String userId) throws IOException {
        for (StoredFile file : files.ofUser(userId)) {
            try (InputStream bytes = Files.newInputStream(files.path(file))) {
                zip.putNextEntry(new ZipEntry("files/" + file.id() + "-" + file.filename()));
                bytes.transferTo(zip);
                zip.closeEntry();
            } catch (NoSuchFileException e) {
                LOG.debug("the file {} was deleted while its user's data were written", file.id());
            }
        }
    }

    private static void write(ZipOutputStream zip, String name, byte[] content) throws IOException {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(content);
        zip.closeEntry();
    }

    /** Deletes the account and everything in it. */
    @PostMapping("/api/account/delete")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void delete(Caller caller, JsonObject body, HttpServletRequest request) {
        browser.proved(caller, body, request);
        switch (erasure.erase(caller.userId())) {
            case DONE -> {}
            case LAST_ADMINISTRATOR ->
                throw ApiException.of(
                        HttpStatus.CONFLICT,
                        "This is the last administrator: make another one first.",
                        null,
                        "last_administrator");
            case LAST_OWNER ->
                throw ApiException.of(
                        HttpStatus.CONFLICT,
                        "Others are in an organisation that you alone own: make another owner, or remove them first.",
                        null,
                        "last_owner");
        }
    }
}
