package dev.mynah.server.file;

import dev.mynah.server.web.ApiException;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.Part;
import java.io.IOException;
import java.util.Enumeration;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.InputStreamSource;
import org.springframework.http.HttpStatus;
import org.springframework.web.multipart.MaxUploadSizeExceededException;
import org.springframework.web.multipart.MultipartException;
import org.springframework.web.multipart.MultipartFile;
import org.springframework.web.multipart.MultipartHttpServletRequest;
import org.springframework.web.util.WebUtils;

/** A form that brings one file, as {@code multipart/form-data}. */
final class FileForm {
    private final MultipartHttpServletRequest form;
    private final String file;
    private final FileSettings settings;

    /** A file as it came; its name is its sender's. */
    record Content(String name, long bytes, InputStreamSource source) {}

    private FileForm(MultipartHttpServletRequest form, String file, FileSettings settings) {
        this.form = form;
        this.file = file;
        this.settings = settings;
    }

    /** @param file the name of the file's field */
    static FileForm of(HttpServletRequest request, String file, FileSettings settings) {
        @Nullable
        MultipartHttpServletRequest form = WebUtils.getNativeRequest(request, MultipartHttpServletRequest.class);
        if (form == null) {
            throw ApiException.of(
                    HttpStatus.UNSUPPORTED_MEDIA_TYPE, "The Content-Type must be multipart/form-data.", null, null);
        }
        if (request.getContentLengthLong() > settings.maxForm()) {
            throw tooLarge(FileTooLargeException.over(settings.maxBytes()), file);
        }
        return new FileForm(form, file, settings);
    }

    /** The form is read here, to disk. What has no filename is a field of it, and read into memory: the container allows it 2 MB. */
    Content content() {
        Content content = read();
        if (content.bytes == 0) {
            throw ApiException.badRequest("Invalid '" + file + "': it is empty.", file, "invalid_value");
        }
        return content;
    }

    private Content read() {
        try {
            @Nullable MultipartFile found = form.getFile(file);
            if (found != null) {
                return new Content(String.valueOf(found.getOriginalFilename()), found.getSize(), found);
            }
            @Nullable Part field = form.getPart(file);
            if (field != null) {
                return new Content(file, field.getSize(), field::getInputStream);
            }
        } catch (MaxUploadSizeExceededException e) {
            throw tooLarge(FileTooLargeException.over(settings.maxBytes()), file);
        } catch (IOException | ServletException e) {
            throw new MultipartException("the form cannot be read", e);
        }
        throw ApiException.badRequest(
                "Missing required parameter: '" + file + "'.", file, "missing_required_parameter");
    }

    /** Refuses what is neither the file nor one of these fields. */
    void requireOnly(Set<String> fields) {
        for (Enumeration<String> names = form.getParameterNames(); names.hasMoreElements(); ) {
            String name = names.nextElement();
            if (!name.equals(file) && !fields.contains(name)) {
                throw ApiException.badRequest(
                        "Unrecognized request argument supplied: " + name, name, "unknown_parameter");
            }
        }
        for (String name : form.getMultiFileMap().keySet()) {
            if (!name.equals(file) || form.getFiles(name).size() > 1) {
                throw ApiException.badRequest(
                        "There must be one file, named '" + file + "'.", name, "unknown_parameter");
            }
        }
    }

    @Nullable
    String field(String name) {
        return form.getParameter(name);
    }

    static ApiException tooLarge(FileTooLargeException problem, String file) {
        return ApiException.of(
                HttpStatus.CONTENT_TOO_LARGE, String.valueOf(problem.getMessage()), file, "file_too_large");
    }
}
