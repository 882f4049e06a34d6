using Grpc.Core;
using Minion.Contracts.Callers;
using Minion.Contracts.Faults;

namespace Minion.Contracts.Tests;

public sealed class ViolationsTests
{
    [Fact]
    public void Nothing_wrong_throws_nothing()
    {
        var violations = new Violations();
        violations.Check(holds: true, "name", "is missing.").ShouldBeTrue();
        violations.ThrowIfAny();
    }

    [Fact]
    public void Everything_that_is_wrong_is_told_at_once()
    {
        var violations = new Violations();
        violations.Check(holds: false, "name", "is missing.").ShouldBeFalse();
        violations.Add("limits.max_steps", "must be 1 or more.");

        var fault = Should.Throw<Fault>(violations.ThrowIfAny);
        fault.Status.ShouldBe(StatusCode.InvalidArgument);
        fault.Fields.Select(f => f.Field).ShouldBe(["name", "limits.max_steps"]);
        fault.Message.ShouldBe("name: is missing. limits.max_steps: must be 1 or more.");
        fault.Hint.ShouldNotBeEmpty();
    }

    [Fact]
    public void What_is_not_there_is_named()
    {
        var fault = Fault.NotFound("golden task", "g-1");
        fault.Reason.ShouldBe("GOLDEN_TASK_NOT_FOUND");
        fault.Message.ShouldContain("g-1");
    }

    [Theory]
    [InlineData("*", "tools:http_get", true)]
    [InlineData("tools:http_get", "tools:http_get", true)]
    [InlineData("tools:time", "tools:http_get", false)]
    public void A_caller_may_what_it_has_or_everything(string has, string needs, bool may) =>
        new Caller(Caller.DefaultTenant, "user:ada", [has]).May(needs).ShouldBe(may);
}
