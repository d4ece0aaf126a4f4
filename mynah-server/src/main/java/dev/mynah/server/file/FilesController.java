package dev.mynah.server.file;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.mynah.server.account.Caller;
import dev.mynah.server.account.Scopes;
import dev.mynah.server.web.ApiException;
import dev.mynah.server.web.ListPage;
import dev.mynah.server.web.Pages;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.Resource;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** {@code /v1/files}, and the same for the web app. */
@RestController
@RequestMapping({"/v1/files", "/api/files"})
final class FilesController {
    private static final int MAX_PAGE = 10_000;
    private static final String FILE = "file";
    private static final String PURPOSE = "purpose";
    private static final String ANCHOR = "expires_after[anchor]";
    private static final String SECONDS = "expires_after[seconds]";

    private static final Logger LOG = LoggerFactory.getLogger(FilesController.class);

    private final StoredFiles files;
    private final FileSettings settings;
    private final Clock clock;

    FilesController(StoredFiles files, FileSettings settings, Clock clock) {
        this.files = files;
        this.settings = settings;
        this.clock = clock;
    }

    /** @param sha256 of the bytes, which the OpenAI API does not tell */
    record Body(
            String id,
            String object,
            long bytes,
            long createdAt,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            Long expiresAt,

            String filename,
            String purpose,
            String status,
            String sha256) {
        static Body of(StoredFile file) {
            return new Body(
                    file.id(),
                    "file",
                    file.bytes(),
                    file.createdAt().getEpochSecond(),
                    file.expiresAt() == null ? null : file.expiresAt().getEpochSecond(),
                    file.filename(),
                    file.purpose().id(),
                    "processed",
                    file.sha256());
        }
    }

    @PostMapping
    Body create(Caller caller, HttpServletRequest request) throws IOException {
        caller.require(Scopes.FILES);
        FileForm form = FileForm.of(request, FILE, settings);
        FileForm.Content file = form.content();
        form.requireOnly(Set.of(PURPOSE, ANCHOR, SECONDS));
        StoredFiles.Order order = new StoredFiles.Order(
                caller.organisationId(), caller.userId(), file.name(), purpose(form), expiry(form));
        try (InputStream content = file.source().getInputStream()) {
            return Body.of(files.add(order, content));
        } catch (FileTooLargeException e) {
            throw FileForm.tooLarge(e, FILE);
        }
    }

    private static FilePurpose purpose(FileForm form) {
        @Nullable String text = form.field(PURPOSE);
        if (text == null) {
            throw ApiException.badRequest(
                    "Missing required parameter: 'purpose'.", PURPOSE, "missing_required_parameter");
        }
        return uploaded(text);
    }

    /** What a file of users may be for. */
    static FilePurpose uploaded(String purpose) {
        return FilePurpose.of(purpose)
                .filter(FilePurpose::isUploaded)
                .orElseThrow(() -> ApiException.badRequest(
                        "Invalid 'purpose': it must be fine-tune, batch, user_data, assistants, vision or evals.",
                        PURPOSE,
                        "invalid_value"));
    }

    private @Nullable Instant expiry(FileForm form) {
        @Nullable String seconds = form.field(SECONDS);
        @Nullable String anchor = form.field(ANCHOR);
        if (seconds == null && anchor == null) {
            return null;
        }
        if (!FileLife.ANCHOR.equals(anchor)) {
            throw ApiException.badRequest("Invalid '" + ANCHOR + "': it must be created_at.", ANCHOR, "invalid_value");
        }
        int life = seconds != null && seconds.matches("[0-9]{1,7}") ? Integer.parseInt(seconds) : 0;
        if (life < FileLife.LEAST || life > FileLife.LONGEST) {
            throw ApiException.badRequest(
                    "Invalid '" + SECONDS + "': it must be a whole number of " + FileLife.LEAST + ".."
                            + FileLife.LONGEST + ".",
                    SECONDS,
                    "invalid_value");
        }
        return clock.instant().plusSeconds(life);
    }

    @GetMapping
    ListPage<Body> list(
            Caller caller,
            @RequestParam(name = PURPOSE, defaultValue = "") String purpose,
            @RequestParam(name = "limit", defaultValue = "10000") int limit,
            @RequestParam(name = "order", defaultValue = "desc") String order,
            @RequestParam(name = "after", defaultValue = "") String after) {
        caller.require(Scopes.FILES);
        int size = Pages.size(limit, MAX_PAGE);
        if (!purpose.isEmpty() && FilePurpose.of(purpose).isEmpty()) {
            throw ApiException.badRequest("Invalid 'purpose': there are no files for that.", PURPOSE, "invalid_value");
        }
        return ListPage.of(
                files.page(caller.organisationId(), purpose, Pages.cursor(after), Pages.newestFirst(order), size + 1),
                size,
                Body::of,
                StoredFile::id);
    }

    @GetMapping("/{id}")
    Body get(Caller caller, @PathVariable String id) {
        return Body.of(find(caller, id));
    }

    @GetMapping("/{id}/content")
    ResponseEntity<Resource> content(Caller caller, @PathVariable String id) {
        StoredFile file = find(caller, id);
        if (!Files.isRegularFile(files.path(file))) {
            LOG.error("{} is not there: replicas must share this folder", files.path(file));
            throw unknown(id);
        }
        return ResponseEntity.ok()
                .contentType(MediaType.APPLICATION_OCTET_STREAM)
                .header(
                        HttpHeaders.CONTENT_DISPOSITION,
                        ContentDisposition.attachment()
                                .filename(file.filename(), StandardCharsets.UTF_8)
                                .build()
                                .toString())
                .body(new FileSystemResource(files.path(file)));
    }

    record Deleted(String id, String object, boolean deleted) {}

    @DeleteMapping("/{id}")
    Deleted delete(Caller caller, @PathVariable String id) throws IOException {
        caller.require(Scopes.FILES);
        if (!files.delete(id, caller.organisationId())) {
            throw unknown(id);
        }
        return new Deleted(id, "file", true);
    }

    private StoredFile find(Caller caller, String id) {
        caller.require(Scopes.FILES);
        return files.find(id, caller.organisationId()).orElseThrow(() -> unknown(id));
    }

    private static ApiException unknown(String id) {
        return ApiException.of(HttpStatus.NOT_FOUND, "No such File object: " + id, "id", "not_found");
    }
}
