package dev.mynah.server.file;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.mynah.server.account.Caller;
import dev.mynah.server.account.Scopes;
import dev.mynah.server.web.ApiException;
import dev.mynah.server.web.ListPage;
import dev.mynah.server.web.Pages;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.Part;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.Enumeration;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.InputStreamSource;
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
import org.springframework.web.multipart.MaxUploadSizeExceededException;
import org.springframework.web.multipart.MultipartException;
import org.springframework.web.multipart.MultipartFile;
import org.springframework.web.multipart.MultipartHttpServletRequest;
import org.springframework.web.util.WebUtils;

/** {@code /v1/files}, and the same for the web app. */
@RestController
@RequestMapping({"/v1/files", "/api/files"})
final class FilesController {
    private static final int MAX_PAGE = 10_000;
    private static final int LEAST_LIFE = 3_600;
    private static final int LONGEST_LIFE = 2_592_000;
    private static final String FILE = "file";
    private static final String PURPOSE = "purpose";
    private static final String ANCHOR = "expires_after[anchor]";
    private static final String SECONDS = "expires_after[seconds]";

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
        @Nullable
        MultipartHttpServletRequest form = WebUtils.getNativeRequest(request, MultipartHttpServletRequest.class);
        if (form == null) {
            throw ApiException.of(
                    HttpStatus.UNSUPPORTED_MEDIA_TYPE, "The Content-Type must be multipart/form-data.", null, null);
        }
        if (request.getContentLengthLong() > settings.maxForm()) {
            throw tooLarge(FileTooLargeException.over(settings.maxBytes()));
        }
        Content file = file(form);
        if (file.bytes() == 0) {
            throw ApiException.badRequest("Invalid 'file': it is empty.", FILE, "invalid_value");
        }
        requireKnown(form);
        StoredFiles.Order order = new StoredFiles.Order(
                caller.organisationId(), caller.userId(), file.name(), purpose(form), expiry(form));
        try (InputStream content = file.source().getInputStream()) {
            return Body.of(files.add(order, content));
        } catch (FileTooLargeException e) {
            throw tooLarge(e);
        }
    }

    private record Content(String name, long bytes, InputStreamSource source) {}

    /** The form is read here, to disk. What has no filename is a field of it, and read into memory: the container allows it 2 MB. */
    private Content file(MultipartHttpServletRequest form) {
        try {
            @Nullable MultipartFile file = form.getFile(FILE);
            if (file != null) {
                return new Content(String.valueOf(file.getOriginalFilename()), file.getSize(), file);
            }
            @Nullable Part field = form.getPart(FILE);
            if (field != null) {
                return new Content(FILE, field.getSize(), field::getInputStream);
            }
        } catch (MaxUploadSizeExceededException e) {
            throw tooLarge(FileTooLargeException.over(settings.maxBytes()));
        } catch (IOException | ServletException e) {
            throw new MultipartException("the form cannot be read", e);
        }
        throw ApiException.badRequest("Missing required parameter: 'file'.", FILE, "missing_required_parameter");
    }

    private static void requireKnown(MultipartHttpServletRequest form) {
        for (Enumeration<String> names = form.getParameterNames(); names.hasMoreElements(); ) {
            String name = names.nextElement();
            if (!Set.of(FILE, PURPOSE, ANCHOR, SECONDS).contains(name)) {
                throw ApiException.badRequest(
                        "Unrecognized request argument supplied: " + name, name, "unknown_parameter");
            }
        }
        for (String name : form.getMultiFileMap().keySet()) {
            if (!name.equals(FILE) || form.getFiles(name).size() > 1) {
                throw ApiException.badRequest("There must be one file, named 'file'.", name, "unknown_parameter");
            }
        }
    }

    private static FilePurpose purpose(MultipartHttpServletRequest form) {
        @Nullable String text = form.getParameter(PURPOSE);
        if (text == null) {
            throw ApiException.badRequest(
                    "Missing required parameter: 'purpose'.", PURPOSE, "missing_required_parameter");
        }
        return FilePurpose.of(text)
                .filter(FilePurpose::isUploaded)
                .orElseThrow(() -> ApiException.badRequest(
                        "Invalid 'purpose': it must be fine-tune, batch or user_data.", PURPOSE, "invalid_value"));
    }

    private @Nullable Instant expiry(MultipartHttpServletRequest form) {
        @Nullable String seconds = form.getParameter(SECONDS);
        @Nullable String anchor = form.getParameter(ANCHOR);
        if (seconds == null && anchor == null) {
            return null;
        }
        if (!"created_at".equals(anchor)) {
            throw ApiException.badRequest("Invalid '" + ANCHOR + "': it must be created_at.", ANCHOR, "invalid_value");
        }
        int life = seconds != null && seconds.matches("[0-9]{1,7}") ? Integer.parseInt(seconds) : 0;
        if (life < LEAST_LIFE || life > LONGEST_LIFE) {
            throw ApiException.badRequest(
                    "Invalid '" + SECONDS + "': it must be a whole number of " + LEAST_LIFE + ".." + LONGEST_LIFE + ".",
                    SECONDS,
                    "invalid_value");
        }
        return clock.instant().plusSeconds(life);
    }

    private static ApiException tooLarge(FileTooLargeException problem) {
        return ApiException.of(
                HttpStatus.CONTENT_TOO_LARGE, String.valueOf(problem.getMessage()), FILE, "file_too_large");
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
