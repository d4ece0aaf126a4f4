package dev.mynah.server.upstream;

import dev.mynah.server.store.ServerSecret;
import dev.mynah.server.store.Times;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Upstreams, and the routes of models to them. */
@Component
public final class UpstreamRepository {
    private final JdbcClient jdbc;
    private final ServerSecret secret;

    public UpstreamRepository(JdbcClient jdbc, ServerSecret secret) {
        this.jdbc = jdbc;
        this.secret = secret;
    }

    /** Adds an upstream; false where the name is taken. */
    public boolean insert(Upstream upstream) {
        return jdbc.sql(
                                "insert into upstream (id, base_url, api_key, enabled, created_at) values (?, ?, ?, ?, ?) on conflict do nothing")
                        .params(upstream.id(), upstream.baseUrl())
                        .param(encrypted(upstream.apiKey()))
                        .params(upstream.enabled(), Times.sql(upstream.createdAt()))
                        .update()
                == 1;
    }

    /** The upstream, locked until the transaction ends. */
    public Optional<Upstream> lock(String id) {
        return jdbc.sql("select * from upstream where id = ? for update")
                .param(id)
                .query(this::upstream)
                .optional();
    }

    /** Sets what an administrator may set, of one that is locked. */
    public void update(Upstream upstream) {
        jdbc.sql("update upstream set base_url = ?, api_key = ?, enabled = ? where id = ?")
                .param(upstream.baseUrl())
                .param(encrypted(upstream.apiKey()))
                .params(upstream.enabled(), upstream.id())
                .update();
    }

    public boolean delete(String id) {
        return jdbc.sql("delete from upstream where id = ?").param(id).update() == 1;
    }

    public Optional<Upstream> find(String id) {
        return jdbc.sql("select * from upstream where id = ?")
                .param(id)
                .query(this::upstream)
                .optional();
    }

    public List<Upstream> all() {
        return jdbc.sql("select * from upstream order by id")
                .query(this::upstream)
                .list();
    }

    /** Replaces the routes of a model. */
    public void setRoutes(String modelId, List<Route> routes) {
        jdbc.sql("delete from upstream_route where model_id = ?").param(modelId).update();
        for (Route route : routes) {
            jdbc.sql("insert into upstream_route (model_id, upstream_id, upstream_model, weight) values (?, ?, ?, ?)")
                    .params(modelId, route.upstream().id(), route.model(), route.weight())
                    .update();
        }
    }

    /** The routes of a model whose upstreams are enabled. */
    public List<Route> routes(String modelId) {
        return allRoutes(modelId).stream()
                .filter(route -> route.upstream().enabled())
                .toList();
    }

    /** The routes of a model. */
    public List<Route> allRoutes(String modelId) {
        return jdbc.sql("""
                        select u.*, r.upstream_model, r.weight from upstream_route r join upstream u on u.id = r.upstream_id
                        where r.model_id = ? order by u.id
                        """)
                .param(modelId)
                .query((row, n) -> new Route(upstream(row, n), row.getString("upstream_model"), row.getInt("weight")))
                .list();
    }

    /** The models that have a route. */
    public Set<String> models() {
        return Set.copyOf(jdbc.sql(
                        "select distinct r.model_id from upstream_route r join upstream u on u.id = r.upstream_id where u.enabled")
                .query(String.class)
                .list());
    }

    private @Nullable String encrypted(@Nullable String key) {
        return key == null ? null : secret.encrypt(key);
    }

    private Upstream upstream(ResultSet row, int number) throws SQLException {
        @Nullable String key = row.getString("api_key");
        return new Upstream(
                row.getString("id"),
                row.getString("base_url"),
                key == null ? null : secret.decrypt(key),
                row.getBoolean("enabled"),
                Times.get(row, "created_at"));
    }
}
