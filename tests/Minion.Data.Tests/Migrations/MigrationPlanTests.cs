using Grpc.Core;
using Minion.Contracts.Faults;
using Minion.Data.Migrations;

namespace Minion.Data.Tests.Migrations;

public sealed class MigrationPlanTests
{
    private static readonly Migration One = new(1, "one", "SELECT 1;", "SELECT -1;");
    private static readonly Migration Two = new(2, "two", "SELECT 2;", "SELECT -2;");
    private static readonly Migration Three = new(3, "three", "SELECT 3;", Down: null);

    [Fact]
    public void Everything_is_applied_to_an_empty_schema_in_order() =>
        MigrationPlan.Up("s", [One, Two, Three], []).ShouldBe([One, Two, Three]);

    [Fact]
    public void Only_what_is_missing_is_applied() => MigrationPlan.Up("s", [One, Two, Three], [Done(One)]).ShouldBe([Two, Three]);

    [Fact]
    public void Nothing_is_applied_twice() => MigrationPlan.Up("s", [One], [Done(One)]).ShouldBeEmpty();

    [Fact]
    public void A_changed_file_is_refused_by_its_name()
    {
        var fault = Refused(() => MigrationPlan.Up("s", [One, Two], [Done(One) with { Checksum = "other" }]));
        fault.Reason.ShouldBe("MIGRATION_CHANGED");
        fault.Message.ShouldContain("001_one.up.sql");
    }

    [Fact]
    public void A_newer_schema_is_refused_with_both_versions()
    {
        var fault = Refused(() => MigrationPlan.Up("s", [One], [Done(One), Done(Two), Done(Three)]));
        fault.Reason.ShouldBe("SCHEMA_NEWER_THAN_PROGRAM");
        fault.Message.ShouldContain("003 (003_three.up.sql)");
        fault.Message.ShouldContain("up to 001");
    }

    [Fact]
    public void A_file_that_the_program_lacks_is_named() =>
        Refused(() => MigrationPlan.Up("s", [Two], [Done(One), Done(Two)])).Message.ShouldContain("001_one.up.sql");

    [Fact]
    public void A_file_that_came_too_late_is_named()
    {
        var fault = Refused(() => MigrationPlan.Up("s", [One, Two], [Done(Two)]));
        fault.Reason.ShouldBe("MIGRATION_OUT_OF_ORDER");
        fault.Message.ShouldContain("001_one.up.sql");
    }

    [Fact]
    public void The_way_down_is_newest_first_and_stops_at_the_target()
    {
        MigrationPlan.Down("s", 0, [One, Two], [Done(One), Done(Two)]).ShouldBe([Two, One]);
        MigrationPlan.Down("s", 1, [One, Two], [Done(One), Done(Two)]).ShouldBe([Two]);
        MigrationPlan.Down("s", 2, [One, Two], [Done(One), Done(Two)]).ShouldBeEmpty();
    }

    [Fact]
    public void A_missing_file_to_go_down_with_is_named_before_anything_is_taken_back() =>
        Refused(() => MigrationPlan.Down("s", 1, [One, Two, Three], [Done(One), Done(Two), Done(Three)])).Hint.ShouldContain("003_three.down.sql");

    [Fact]
    public void Line_ends_do_not_change_the_checksum() =>
        new Migration(1, "a", "SELECT 1;\r\nSELECT 2;\r\n", null).Checksum.ShouldBe(new Migration(1, "a", "SELECT 1;\nSELECT 2;\n", null).Checksum);

    [Fact]
    public void Status_tells_pending_applied_changed_and_unknown_apart() =>
        MigrationStatus.Compare("s", [One, Two, Three], [Done(One), Done(Two) with { Checksum = "other" }, Done(Three) with { Version = 9 }])
            .Select(s => (s.Version, s.State))
            .ShouldBe([(1, MigrationState.Applied), (2, MigrationState.Changed), (3, MigrationState.Pending), (9, MigrationState.Unknown)]);

    [Fact]
    public void Placeholders_become_quoted_names_and_a_role_that_the_schema_lacks_is_refused()
    {
        var set = SampleMigrations.Set();
        MigrationSql.Fill("GRANT USAGE ON SCHEMA {schema} TO {role:engine}, {role:migrator}", "f", set, r => $"my \"{r}")
            .ShouldBe("GRANT USAGE ON SCHEMA \"sample\" TO \"my \"\"engine\", \"my \"\"migrator\"");
        Should.Throw<InvalidOperationException>(() => MigrationSql.Fill("{role:tools}", "001_x.up.sql", set, r => r))
            .Message.ShouldContain("001_x.up.sql");
    }

    private static AppliedMigration Done(Migration m) => new(m.Version, m.Name, m.Checksum, DateTimeOffset.UnixEpoch);

    private static Fault Refused(Action action)
    {
        var fault = Should.Throw<Fault>(action);
        fault.Status.ShouldBe(StatusCode.FailedPrecondition);
        fault.Hint.ShouldNotBeEmpty();
        return fault;
    }
}
