package dev.mynah.server.openapi;

import dev.mynah.server.account.Caller;
import dev.mynah.server.web.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.AnnotatedElement;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.core.DefaultParameterNameDiscoverer;
import org.springframework.core.MethodParameter;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.ValueConstants;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * The service as OpenAPI 3.1: paths, parameters and responses are read off the routes themselves, so that none is missing. Bodies of requests are bound by hand, so their schemas stand in {@value
 * #DESCRIPTIONS}, which a test holds against what the routes take.
 */
final class OpenApiDocument {
    static final String DESCRIPTIONS = "openapi.yaml";
    private static final String JSON = "application/json";
    private static final Pattern VARIABLE = Pattern.compile("\\{([^}/]+)}|\\*");

    private final Map<String, Object> descriptions;
    private final Schemas schemas = new Schemas();
    private final Map<String, Map<String, Object>> paths = new TreeMap<>();

    OpenApiDocument() {
        descriptions = read();
    }

    private static Map<String, Object> read() {
        LoaderOptions options = new LoaderOptions();
        // The file is our own, and says what repeats itself once.
        options.setMaxAliasesForCollections(Integer.MAX_VALUE);
        try (InputStream in = OpenApiDocument.class.getResourceAsStream(DESCRIPTIONS)) {
            Map<String, Object> read = new Yaml(new SafeConstructor(options)).load(in);
            return read;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The document of these routes, as a tree of maps and lists. */
    static Map<String, Object> of(Map<RequestMappingInfo, HandlerMethod> routes, String version) {
        OpenApiDocument document = new OpenApiDocument();
        routes.forEach(document::add);
        return document.document(version);
    }

    /** The operations that are described, as {@code METHOD /path}. */
    static Set<String> described() {
        return new OpenApiDocument().section("operations").keySet();
    }

    private Map<String, Object> document(String version) {
        Map<String, Object> components = new LinkedHashMap<>();
        Map<String, Object> all = new TreeMap<>(schemas.components());
        section("schemas").forEach((name, schema) -> all.put(name, Schemas.withNulls(schema)));
        all.put("Error", error());
        components.put("schemas", all);
        components.put(
                "securitySchemes",
                Map.of(
                        "key", Map.of("type", "http", "scheme", "bearer", "description", "An API key."),
                        "session", Map.of("type", "apiKey", "in", "cookie", "name", "mynah_session")));
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("openapi", "3.1.1");
        document.put(
                "info",
                Map.of(
                        "title",
                        "Mynah",
                        "version",
                        version,
                        "description",
                        "The OpenAI API under /v1, and the API of the web app and the administration under /api."));
        document.put("paths", paths);
        document.put("components", components);
        return document;
    }

    private void add(RequestMappingInfo info, HandlerMethod handler) {
        Set<RequestMethod> methods = info.getMethodsCondition().getMethods();
        for (String pattern : new TreeSet<>(info.getPatternValues())) {
            String path = path(pattern);
            Map<String, Object> item = paths.computeIfAbsent(path, _ -> new TreeMap<>());
            for (RequestMethod method : methods.isEmpty() ? Set.of(RequestMethod.GET) : methods) {
                item.put(method.name().toLowerCase(Locale.ROOT), operation(method, path, info, handler));
            }
        }
    }

    /** A pattern's wildcards get a name. */
    static String path(String pattern) {
        int[] number = {0};
        return VARIABLE.matcher(pattern).replaceAll(found -> {
            String name = found.group(1) == null
                    ? "any" + (number[0]++ == 0 ? "" : number[0])
                    : found.group(1).replaceFirst("^\\*", "").replaceFirst(":.*", "");
            return Matcher.quoteReplacement("{" + name + "}");
        });
    }

    private Map<String, Object> operation(
            RequestMethod method, String path, RequestMappingInfo info, HandlerMethod handler) {
        String name = method + " " + path;
        Map<String, Object> described = section("operations", name);
        Map<String, Object> operation = new LinkedHashMap<>();
        operation.put("operationId", (method.name().toLowerCase(Locale.ROOT) + path).replaceAll("[^A-Za-z0-9]+", "_"));
        operation.put("tags", List.of(tag(path)));
        if (described.containsKey("summary")) {
            operation.put("summary", described.get("summary"));
        }
        List<Map<String, Object>> parameters = parameters(path, name, handler);
        if (!parameters.isEmpty()) {
            operation.put("parameters", parameters);
        }
        @Nullable Map<String, Object> body = body(described, handler);
        if (body != null) {
            operation.put("requestBody", body);
        }
        operation.put("responses", responses(described, info, handler));
        boolean known = Arrays.stream(handler.getMethodParameters())
                .anyMatch(parameter -> parameter.getParameterType() == Caller.class);
        if (known) {
            Map<String, Object> key = Map.of("key", List.of());
            operation.put(
                    "security", path.startsWith("/v1") ? List.of(key) : List.of(key, Map.of("session", List.of())));
        }
        return operation;
    }

    private static String tag(String path) {
        String[] parts = path.split("/");
        return parts.length > 2 ? parts[1] + "/" + parts[2] : "app";
    }

    private List<Map<String, Object>> parameters(String path, String operation, HandlerMethod handler) {
        Map<String, Map<String, Object>> parameters = new LinkedHashMap<>();
        Matcher variables = Pattern.compile("\\{([^}]+)}").matcher(path);
        while (variables.find()) {
            boolean page = !path.startsWith("/api/") && !path.startsWith("/v1/");
            Map<String, Object> text =
                    page ? Map.of("type", "string") : Map.of("type", "string", "pattern", "^[A-Za-z0-9._:/-]+$");
            parameters.put(variables.group(1), parameter(variables.group(1), "path", true, text));
        }
        for (MethodParameter parameter : handler.getMethodParameters()) {
            parameter.initParameterNameDiscovery(new DefaultParameterNameDiscoverer());
            AnnotatedElement element = parameter.getParameter();
            @Nullable RequestParam query = AnnotatedElementUtils.findMergedAnnotation(element, RequestParam.class);
            @Nullable RequestHeader header = AnnotatedElementUtils.findMergedAnnotation(element, RequestHeader.class);
            if (query != null && !isFile(parameter)) {
                String name = query.name().isEmpty() ? String.valueOf(parameter.getParameterName()) : query.name();
                parameters.put(
                        name,
                        parameter(
                                name,
                                "query",
                                query.required() && query.defaultValue().equals(ValueConstants.DEFAULT_NONE),
                                withDefault(
                                        narrowed(
                                                schemas.of(ResolvableType.forMethodParameter(parameter)),
                                                section("parameters", name),
                                                section("operations", operation, "parameters", name)),
                                        query.defaultValue())));
            } else if (header != null) {
                String name = header.name().isEmpty() ? String.valueOf(parameter.getParameterName()) : header.name();
                parameters.put(name, parameter(name, "header", header.required(), Map.of("type", "string")));
            }
        }
        return List.copyOf(parameters.values());
    }

    private static boolean isFile(MethodParameter parameter) {
        return parameter.getParameterType().getName().contains("Multipart");
    }

    /** With what is said of a parameter of this name, and of that of one operation, beyond its type. */
    private static Map<String, Object> narrowed(
            Map<String, Object> schema, Map<String, Object> everywhere, Map<String, Object> here) {
        Map<String, Object> narrowed = new LinkedHashMap<>(schema);
        narrowed.putAll(here.isEmpty() ? everywhere : here);
        if (!"string".equals(schema.get("type"))) {
            // A name may mean a text here and a number there.
            narrowed.remove("pattern");
        }
        return narrowed;
    }

    private static Map<String, Object> withDefault(Map<String, Object> schema, String text) {
        if (text.isEmpty() || text.equals(ValueConstants.DEFAULT_NONE) || !schema.containsKey("type")) {
            return schema;
        }
        Map<String, Object> copy = new LinkedHashMap<>(schema);
        copy.put("default", schema.get("type").equals("integer") ? Long.valueOf(text) : text);
        return copy;
    }

    private static Map<String, Object> parameter(
            String name, String place, boolean required, Map<String, Object> schema) {
        Map<String, Object> parameter = new LinkedHashMap<>();
        parameter.put("name", name);
        parameter.put("in", place);
        parameter.put("required", required);
        if (place.equals("query") && !required) {
            // Counts as absent.
            parameter.put("allowEmptyValue", true);
        }
        parameter.put("schema", schema);
        return parameter;
    }

    private @Nullable Map<String, Object> body(Map<String, Object> described, HandlerMethod handler) {
        @Nullable Object schema = described.get("body");
        boolean json = Arrays.stream(handler.getMethodParameters())
                .anyMatch(parameter -> parameter.getParameterType() == JsonObject.class);
        if (schema == null && !json) {
            return null;
        }
        Map<String, Object> body = new LinkedHashMap<>();
        boolean optional = Arrays.stream(handler.getMethodParameters())
                .anyMatch(parameter -> parameter.getParameterType() == JsonObject.class && parameter.isOptional());
        body.put("required", !optional);
        String type = String.valueOf(described.getOrDefault("consumes", JSON));
        Object whole = schema == null ? Map.of("type", "object") : schema;
        body.put("content", Map.of(type, Map.of("schema", type.equals(JSON) ? Schemas.withNulls(whole) : whole)));
        return body;
    }

    private Map<String, Object> responses(
            Map<String, Object> described, RequestMappingInfo info, HandlerMethod handler) {
        @Nullable ResponseStatus status = handler.getMethodAnnotation(ResponseStatus.class);
        int code = status == null ? HttpStatus.OK.value() : status.code().value();
        Map<String, Object> responses = new LinkedHashMap<>();
        Map<String, Object> content = new LinkedHashMap<>();
        ResolvableType type = ResolvableType.forMethodParameter(handler.getReturnType());
        if (type.toClass() == ResponseEntity.class) {
            type = type.getGeneric(0);
        }
        List<String> produced = info.getProducesCondition().getProducibleMediaTypes().stream()
                .map(Object::toString)
                .toList();
        for (Object one : list(described.get("produces"))) {
            content.put(String.valueOf(one), Map.of());
        }
        if (described.containsKey("response")) {
            content.put(JSON, Map.of("schema", described.get("response")));
        } else if (type.toClass() != void.class && type.toClass() != Void.class && content.isEmpty()) {
            content.put(produced.isEmpty() ? JSON : produced.getFirst(), Map.of("schema", schemas.of(type)));
        }
        Map<String, Object> success = new LinkedHashMap<>();
        success.put("description", HttpStatus.valueOf(code).getReasonPhrase());
        if (!content.isEmpty() && code != HttpStatus.NO_CONTENT.value()) {
            success.put("content", content);
        }
        responses.put(String.valueOf(code), success);
        responses.put(
                "default",
                Map.of(
                        "description",
                        "An error",
                        "content",
                        Map.of(JSON, Map.of("schema", Map.of("$ref", "#/components/schemas/Error")))));
        return responses;
    }

    private static List<?> list(@Nullable Object value) {
        return value instanceof List<?> list ? list : List.of();
    }

    private static Map<String, Object> error() {
        Map<String, Object> text = Map.of("type", "string");
        Map<String, Object> optional = Map.of("type", List.of("string", "null"));
        Map<String, Object> detail = Map.of(
                "type",
                "object",
                "properties",
                Map.of("message", text, "type", text, "param", optional, "code", optional),
                "required",
                List.of("message", "type", "param", "code"));
        return Map.of("type", "object", "properties", Map.of("error", detail), "required", List.of("error"));
    }

    /** A mapping of the descriptions, empty where there is none. */
    private Map<String, Object> section(String... keys) {
        Map<String, Object> found = descriptions;
        for (String key : keys) {
            Map<String, Object> inner = new LinkedHashMap<>();
            if (found.get(key) instanceof Map<?, ?> mapping) {
                mapping.forEach((name, value) -> inner.put(String.valueOf(name), value));
            }
            found = inner;
        }
        return found;
    }
}
