package dev.mynah.server.openapi;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import tools.jackson.databind.json.JsonMapper;

/** {@code GET /openapi.json}, for everybody. */
@RestController
final class OpenApiController {
    private final RequestMappingHandlerMapping routes;
    private volatile @Nullable String document;

    OpenApiController(@Qualifier("requestMappingHandlerMapping") RequestMappingHandlerMapping routes) {
        this.routes = routes;
    }

    RequestMappingHandlerMapping routes() {
        return routes;
    }

    @GetMapping(path = "/openapi.json", produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<String> document() {
        String made = document;
        if (made == null) {
            @Nullable String version = OpenApiController.class.getPackage().getImplementationVersion();
            made = JsonMapper.shared()
                    .writeValueAsString(
                            OpenApiDocument.of(routes.getHandlerMethods(), version == null ? "development" : version));
            document = made;
        }
        return ResponseEntity.ok(made);
    }
}
