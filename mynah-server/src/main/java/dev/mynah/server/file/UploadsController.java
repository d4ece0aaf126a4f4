package dev.mynah.server.file;

import dev.mynah.server.account.Caller;
import dev.mynah.server.account.Scopes;
import dev.mynah.server.web.JsonObject;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code /v1/uploads}: files in parts. */
@RestController
@RequestMapping("/v1/uploads")
final class UploadsController {
    private static final String DATA = "data";

    private final Uploads uploads;
    private final FileSettings settings;
    private final Clock clock;

    UploadsController(Uploads uploads, FileSettings settings, Clock clock) {
        this.uploads = uploads;
        this.settings = settings;
        this.clock = clock;
    }

    /** @param file once it is complete */
    record Body(
            String id,
            String object,
            long bytes,
            long createdAt,
            String filename,
            String purpose,
            String status,
            long expiresAt,
            FilesController.@Nullable Body file) {}

    private Body body(Upload upload) {
        return new Body(
                upload.id(),
                "upload",
                upload.bytes(),
                upload.createdAt().getEpochSecond(),
                upload.filename(),
                upload.purpose().id(),
                upload.statusAt(clock.instant()),
                upload.expiresAt().getEpochSecond(),
                uploads.file(upload).map(FilesController.Body::of).orElse(null));
    }

    @PostMapping
    Body create(Caller caller, JsonObject body) {
        caller.require(Scopes.FILES);
        String filename = body.requiredString("filename");
        FilePurpose purpose = FilesController.uploaded(body.requiredString("purpose"));
        long bytes = body.integer("bytes", 1, Long.MAX_VALUE).orElseThrow(() -> body.missing("bytes"));
        // Nothing depends on it: a file's content says what it is.
        body.requiredString("mime_type");
        @Nullable
        Duration life = body.object("expires_after").map(FileLife::read).orElse(null);
        body.finish();
        try {
            return body(uploads.begin(caller, new Uploads.Order(filename, purpose, bytes, life)));
        } catch (FileTooLargeException e) {
            throw FileForm.tooLarge(e, "bytes");
        }
    }

    record PartBody(String id, String object, long createdAt, String uploadId) {}

    @PostMapping("/{id}/parts")
    PartBody add(Caller caller, @PathVariable String id, HttpServletRequest request) throws IOException {
        caller.require(Scopes.FILES);
        uploads.find(id, caller);
        FileForm form = FileForm.of(request, DATA, settings);
        FileForm.Content data = form.content();
        form.requireOnly(Set.of());
        try (InputStream content = data.source().getInputStream()) {
            String part = uploads.add(id, caller, content).id();
            return new PartBody(part, "upload.part", clock.instant().getEpochSecond(), id);
        } catch (FileTooLargeException e) {
            throw FileForm.tooLarge(e, DATA);
        }
    }

    @PostMapping("/{id}/complete")
    Body complete(Caller caller, @PathVariable String id, JsonObject body) throws IOException {
        caller.require(Scopes.FILES);
        if (body.value("part_ids").isEmpty()) {
            throw body.missing("part_ids");
        }
        List<String> parts = body.strings("part_ids");
        @Nullable String md5 = body.string("md5").orElse(null);
        body.finish();
        try {
            return body(uploads.complete(id, caller, parts, md5));
        } catch (FileTooLargeException e) {
            throw FileForm.tooLarge(e, "part_ids");
        }
    }

    @PostMapping("/{id}/cancel")
    Body cancel(Caller caller, @PathVariable String id) throws IOException {
        caller.require(Scopes.FILES);
        return body(uploads.cancel(id, caller));
    }
}
