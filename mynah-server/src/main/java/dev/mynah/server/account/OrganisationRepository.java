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
    /** The role of who decides. */
    public static final String OWNER = "owner";

    /** The role of who takes part. */
    public static final String MEMBER = "member";

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

    /** The projects that a user's organisations have: the one chosen, those of the own organisation, the others, each oldest first. */
    public List<Project> projectsOf(String userId) {
        return jdbc.sql("""
                        select p.* from project p join organisation_member m on m.organisation_id = p.organisation_id join app_user u on u.id = m.user_id
                        where m.user_id = ?
                        order by case when p.id = u.project_id then 0 when p.organisation_id = u.organisation_id then 1 else 2 end, p.id
                        """)
                .param(userId)
                .query(OrganisationRepository::project)
                .list();
    }

    /** The plan of each of these users' own organisations. */
    public Map<String, String> plansOf(List<String> userIds) {
        Map<String, String> plans = new HashMap<>();
        if (!userIds.isEmpty()) {
            jdbc.sql(
                            "select u.id as user_id, o.plan_id from app_user u join organisation o on o.id = u.organisation_id where u.id in (:users)")
                    .param("users", userIds)
                    .query(row -> {
                        plans.putIfAbsent(row.getString("user_id"), row.getString("plan_id"));
                    });
        }
        return plans;
    }

    /** Whether a user owns an organisation, and so decides about its money. */
    public boolean isOwner(String organisationId, String userId) {
        return memberRole(organisationId, userId).filter(OWNER::equals).isPresent();
    }

    public boolean hasMember(String organisationId, String userId) {
        return memberRole(organisationId, userId).isPresent();
    }

    public boolean hasProject(String organisationId, String projectId) {
        return jdbc.sql("select count(*) from project where organisation_id = ? and id = ?")
                        .params(organisationId, projectId)
                        .query(Long.class)
                        .single()
                == 1;
    }

    /** Locks an organisation until the transaction ends: its plan stays as it is. */
    public void lock(String organisationId) {
        jdbc.sql("select id from organisation where id = ? for update")
                .param(organisationId)
                .query(String.class)
                .single();
    }

    /** Changes the plan; false where there is no such organisation. */
    public boolean setPlan(String organisationId, String planId) {
        return jdbc.sql("update organisation set plan_id = ? where id = ?")
                        .params(planId, organisationId)
                        .update()
                == 1;
    }

    /** The organisation that was made with a user's account. */
    public Optional<String> own(String userId) {
        return jdbc.sql("select organisation_id from app_user where id = ? and organisation_id is not null")
                .param(userId)
                .query(String.class)
                .optional();
    }

    void setOwn(String userId, String organisationId) {
        jdbc.sql("update app_user set organisation_id = ? where id = ?")
                .params(organisationId, userId)
                .update();
    }

    /** Sets the project that a user's browsers work in. */
    public void choose(String userId, String projectId) {
        jdbc.sql("update app_user set project_id = ? where id = ?")
                .params(projectId, userId)
                .update();
    }

    /** An organisation with what a user is in it. */
    public record Membership(Organisation organisation, String role) {}

    public List<Membership> memberships(String userId) {
        return jdbc.sql(
                        "select o.*, m.role from organisation_member m join organisation o on o.id = m.organisation_id where m.user_id = ? order by o.id")
                .param(userId)
                .query((row, n) -> new Membership(
                        new Organisation(row.getString("id"), row.getString("name"), row.getString("plan_id")),
                        row.getString("role")))
                .list();
    }

    /** What a user is in an organisation, or nothing. */
    public Optional<String> memberRole(String organisationId, String userId) {
        return jdbc.sql("select role from organisation_member where organisation_id = ? and user_id = ?")
                .params(organisationId, userId)
                .query(String.class)
                .optional();
    }

    /** A user in an organisation. */
    public record Member(String userId, String email, String name, String role) {}

    public List<Member> members(String organisationId) {
        return jdbc.sql(
                        "select u.id, u.email, u.name, m.role from organisation_member m join app_user u on u.id = m.user_id where m.organisation_id = ? order by u.id")
                .param(organisationId)
                .query((row, n) -> new Member(
                        row.getString("id"), row.getString("email"), row.getString("name"), row.getString("role")))
                .list();
    }

    /** Makes a user a member, or a member an owner; nobody loses a role by that. */
    void join(String organisationId, String userId, String role) {
        int added = jdbc.sql(
                        "insert into organisation_member (organisation_id, user_id, role) values (?, ?, ?) on conflict do nothing")
                .params(organisationId, userId, role)
                .update();
        if (added == 0 && role.equals(OWNER)) {
            setMemberRole(organisationId, userId, role);
        }
    }

    void setMemberRole(String organisationId, String userId, String role) {
        jdbc.sql("update organisation_member set role = ? where organisation_id = ? and user_id = ?")
                .params(role, organisationId, userId)
                .update();
    }

    void removeMember(String organisationId, String userId) {
        jdbc.sql("delete from organisation_member where organisation_id = ? and user_id = ?")
                .params(organisationId, userId)
                .update();
    }

    /** The owners, locked. */
    public List<String> lockOwners(String organisationId) {
        return jdbc.sql(
                        "select user_id from organisation_member where organisation_id = ? and role = 'owner' order by user_id for update")
                .param(organisationId)
                .query(String.class)
                .list();
    }

    void rename(String organisationId, String name) {
        jdbc.sql("update organisation set name = ? where id = ?")
                .params(name, organisationId)
                .update();
    }

    /** The projects of an organisation, oldest first. */
    public List<Project> projects(String organisationId) {
        return jdbc.sql("select * from project where organisation_id = ? order by id")
                .param(organisationId)
                .query(OrganisationRepository::project)
                .list();
    }

    boolean renameProject(String organisationId, String projectId, String name) {
        return jdbc.sql("update project set name = ? where id = ? and organisation_id = ?")
                        .params(name, projectId, organisationId)
                        .update()
                == 1;
    }

    void deleteProject(String projectId) {
        jdbc.sql("delete from project where id = ?").param(projectId).update();
    }

    private static Project project(ResultSet row, int number) throws SQLException {
        return new Project(row.getString("id"), row.getString("organisation_id"), row.getString("name"));
    }
}
