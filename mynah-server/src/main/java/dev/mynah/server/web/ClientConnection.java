package dev.mynah.server.web;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.coyote.ActionCode;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.stereotype.Component;

/**
 * Tells whether the client of a request is still there. A servlet learns that only by writing; this looks whether the connection's other end was closed, by a read that does not wait.
 * For the thread of the request.
 */
public final class ClientConnection {
    private static final String ATTRIBUTE = ClientConnection.class.getName();

    private final org.apache.coyote.Request request;

    private ClientConnection(org.apache.coyote.Request request) {
        this.request = request;
    }

    public static ClientConnection of(HttpServletRequest request) {
        return (ClientConnection) request.getAttribute(ATTRIBUTE);
    }

    /** Whether the client hung up. The body of its request must have been read. */
    public boolean isGone() {
        // The first bytes of a further request on the same connection look like the end once, the end itself always.
        boolean first = isReadable();
        return first && isReadable();
    }

    private boolean isReadable() {
        request.action(ActionCode.AVAILABLE, true);
        return request.getAvailable() > 0;
    }

    /** Gives every request its connection. */
    @Component
    static final class Customizer implements WebServerFactoryCustomizer<TomcatServletWebServerFactory> {
        @Override
        public void customize(TomcatServletWebServerFactory factory) {
            factory.addEngineValves(new ConnectionValve());
        }
    }

    private static final class ConnectionValve extends ValveBase {
        ConnectionValve() {
            super(true);
        }

        @Override
        public void invoke(Request request, Response response) throws IOException, ServletException {
            request.getRequest().setAttribute(ATTRIBUTE, new ClientConnection(request.getCoyoteRequest()));
            getNext().invoke(request, response);
        }
    }
}
