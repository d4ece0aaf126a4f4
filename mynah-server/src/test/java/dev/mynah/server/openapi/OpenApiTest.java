package dev.mynah.server.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mynah.server.TestDatabase;
import dev.mynah.server.TestServer;
import io.swagger.v3.parser.OpenAPIV3Parser;
import io.swagger.v3.parser.core.models.SwaggerParseResult;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import tools.jackson.databind.JsonNode;

class OpenApiTest {
    private final TestServer server = TestServer.on(TestDatabase.H2);
    private final JsonNode document = server.get("/openapi.json", "").json();

    /** By Swagger's own parser, which is not what made it. */
    @Test
    void theDocumentIsOpenApi() {
        SwaggerParseResult result = new OpenAPIV3Parser()
                .readContents(server.get("/openapi.json", "").body());

        assertThat(result.getMessages()).isEmpty();
        assertThat(result.getOpenAPI().getOpenapi()).startsWith("3.1");
        assertThat(result.getOpenAPI().getPaths()).hasSize(document.get("paths").size());
    }

    @Test
    void everyRouteIsInIt() {
        RequestMappingHandlerMapping mapping =
                server.bean(OpenApiController.class).routes();
        Set<String> routes = new TreeSet<>();
        for (Map.Entry<RequestMappingInfo, HandlerMethod> route :
                mapping.getHandlerMethods().entrySet()) {
            Set<RequestMethod> methods = route.getKey().getMethodsCondition().getMethods();
            for (String pattern : route.getKey().getPatternValues()) {
                for (RequestMethod method : methods.isEmpty() ? Set.of(RequestMethod.GET) : methods) {
                    routes.add(method + " " + OpenApiDocument.path(pattern));
                }
            }
        }
        Set<String> documented = new TreeSet<>();
        for (Map.Entry<String, JsonNode> path : document.get("paths").properties()) {
            for (String method : path.getValue().propertyNames()) {
                documented.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey());
            }
        }
        assertThat(documented).isEqualTo(routes).contains("POST /v1/chat/completions", "GET /health/ready");
    }

    @Test
    void nothingIsDescribedThatIsNotThere() {
        Set<String> there = new TreeSet<>();
        for (Map.Entry<String, JsonNode> path : document.get("paths").properties()) {
            path.getValue()
                    .propertyNames()
                    .forEach(method -> there.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey()));
        }
        assertThat(there).containsAll(OpenApiDocument.described());
    }
}
