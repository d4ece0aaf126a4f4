package dev.mynah.server.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mynah.server.TestDatabase;
import dev.mynah.server.TestServer;
import dev.mynah.server.TestUser;
import dev.mynah.server.account.ApiKeys;
import dev.mynah.server.account.Scopes;
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

    /** With a key for figures alone. What is left is open to everybody, or knows the scopes after it has read the body. */
    @Test
    void aKeyThatMayNotDoAllOpensNothingThatIsItsUsersOwn() {
        TestUser user = TestUser.onPlan(server, "free");
        String narrow = server.bean(ApiKeys.class)
                .create(new ApiKeys.Order(
                        user.caller().projectId(), user.userId(), "narrow", new Scopes(Set.of(Scopes.USAGE)), null))
                .secret();
        Set<String> open = new TreeSet<>();
        for (Map.Entry<String, JsonNode> path : document.get("paths").properties()) {
            for (String method : path.getValue().propertyNames()) {
                String name = method.toUpperCase(Locale.ROOT);
                if (path.getKey().startsWith("/api/")) {
                    String wanted = path.getKey().replaceAll("\\{[^}]+}", "x");
                    int status = server.send(name, wanted, narrow, name.equals("GET") ? "" : "{}")
                            .status();
                    if (status != 403) {
                        open.add(name + " " + path.getKey());
                    }
                }
            }
        }
        assertThat(open)
                .containsExactly(
                        "GET /api/account/sign-in/ways",
                        "GET /api/models",
                        "GET /api/shared/{id}",
                        "GET /api/usage",
                        "POST /api/account/email-verification/confirm",
                        "POST /api/account/email/confirm",
                        "POST /api/account/password-reset",
                        "POST /api/account/password-reset/confirm",
                        "POST /api/account/sign-in",
                        "POST /api/account/sign-in/code",
                        "POST /api/account/sign-in/passkey",
                        "POST /api/account/sign-in/passkey/options",
                        "POST /api/account/sign-out",
                        "POST /api/account/sign-up",
                        "POST /api/chat/completions",
                        "POST /api/invitations/look",
                        "POST /api/keys",
                        "POST /api/webhooks/stripe");
    }
}
