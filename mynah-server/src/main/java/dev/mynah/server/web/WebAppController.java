package dev.mynah.server.web;

import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** The addresses of the web app's views: each is the same page, which looks at its address. */
@RestController
final class WebAppController {
    private final WebPage page;

    WebAppController(WebPage page) {
        this.page = page;
    }

    @GetMapping(
            path = {
                "/",
                "/c/*",
                "/temporary",
                "/sign-in",
                "/sign-up",
                "/forgot-password",
                "/reset-password",
                "/verify-email",
                "/change-email",
                "/invitation",
                "/account",
                "/pay/*",
                "/statements/*",
                "/organisation",
                "/admin",
                "/admin/*",
                "/share/*",
                "/studio",
                "/studio/*",
                "/labelling",
                "/labelling/*"
            },
            produces = MediaType.TEXT_HTML_VALUE)
    ResponseEntity<String> view() {
        return ResponseEntity.ok().cacheControl(CacheControl.noCache()).body(page.html());
    }
}
