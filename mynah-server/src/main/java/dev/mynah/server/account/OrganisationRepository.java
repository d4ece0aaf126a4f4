package dev.mynah.server.account;

import dev.mynah.server.store.Times;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Organisations, their members and projects. */
@Component
public final class OrganisationRepository {
    private final JdbcClient jdbc;

    public OrganisationRepository(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    public void insert(Organisation organisation, Instant now) {
        jdbc.sql("insert into organisation (id, name, plan_id, created_at) values (?, ?, ?, ?)")
                .params(organisation.id(), organisation.name(), organisation.planId(), Times.sql(now))
                .update();
    }

    public void insert(Project project, Instant now) {
        jdbc.sql("insert into project (id, organisation_id, name, created_at) values (?, ?, ?, ?)")
                .params(project.id(), project.organisationId(), project.name(), Times.sql(now))
                .update();
    }

    /**
     * Makes a user a member.
     *
     * @param role {@code owner} or {@code member}
     */
    public void addMember(String organisationId, String userId, String role) {
        jdbc.sql("insert into organisation_member (organisation_id, user_id, role) values (?, ?, ?)")
                .params(organisationId, userId, role)
                .update();
    }

    public Optional<Organisation> find(String id) {
        return jdbc.sql("select * from organisation where id = ?")
                .param(id)
                .query((row, n) -> new Organisation(id, row.getString("name"), row.getString("plan_id")))
                .optional();
    }

    /** The projects that a user's organisations have, oldest first. */
    public List<Project> projectsOf(String userId) {
        return jdbc.sql(
                        "select p.* from project p join organisation_member m on m.organisation_id = p.organisation_id where m.user_id = ? order by p.id")
                .param(userId)
                .query(OrganisationRepository::project)
                .list();
    }

    /** The plan of each of these users' organisations. */
    public Map<String, String> plansOf(List<String> userIds) {
        Map<String, String> plans = new HashMap<>();
        if (!userIds.isEmpty()) {
            jdbc.sql(
                            "select m.user_id, o.plan_id from organisation_member m join organisation o on o.id = m.organisation_id where m.user_id in (:users)")
                    .param("users", userIds)
                    .query(row -> {
                        plans.putIfAbsent(row.getString("user_id"), row.getString("plan_id"));
                    });
        }
        return plans;
    }

    /** Whether a user owns an organisation, and so decides about its money. */
    public boolean isOwner(String organisationId, String userId) {
        return jdbc.sql(
                                "select count(*) from organisation_member where organisation_id = ? and user_id = ? and role = 'owner'")
                        .params(organisationId, userId)
                        .query(Long.class)
                        .single()
                == 1;
    }

    public boolean hasMember(String organisationId, String userId) {
        return jdbc.sql("select count(*) from organisation_member where organisation_id = ? and user_id = ?")
                        .params(organisationId, userId)
                        .query(Long.class)
                        .single()
                == 1;
    }

    public boolean hasProject(String organisationId, String projectId) {
        return jdbc.sql("select count(*) from project where organisation_id = ? and id = ?")
                        .params(organisationId, projectId)
                        .query(Long.class)
                        .single()
                == 1;
    }

    /** Changes the plan; false where there is no such organisation. */
    public boolean setPlan(String organisationId, String planId) {
        return jdbc.sql("update organisation set plan_id = ? where id = ?")
                        .params(planId, organisationId)
                        .update()
                == 1;
    }

    private static Project project(ResultSet row, int number) throws SQLException {
        return new Project(row.getString("id"), row.getString("organisation_id"), row.getString("name"));
    }
}
