using System.Data.Common;
using Grpc.Core;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;
using Minion.Contracts.Faults;
using Minion.Server.Start;

namespace Minion.Server.Tests.Start;

public sealed class StartFaultsTests
{
    public static TheoryData<Exception, int> Failures => new()
    {
        { new Fault(StatusCode.FailedPrecondition, "PORT_IN_USE", "Port 1 is in use.", "Use another."), 3 },
        { new Fault(StatusCode.InvalidArgument, "USAGE", "There is no option x.", "The options are y."), 2 },
        { new Fault(StatusCode.FailedPrecondition, "ANYTHING", "It does not work.", "Repair it."), 1 },
        { new OptionsValidationException("Drain", typeof(object), ["GraceSeconds must be between 0 and 3600."]), 2 },
        { new IOException("failed to bind", new AddressInUseException("address already in use")), 3 },
        { new AggregateException(new Fault(StatusCode.FailedPrecondition, "PORT_IN_USE", "Port 1 is in use.")), 3 },
        { new DatabaseError(), 1 },
        { new InvalidOperationException("surprise"), 1 },
    };

    [Theory]
    [MemberData(nameof(Failures), DisableDiscoveryEnumeration = true)]
    public async Task A_start_that_fails_is_a_sentence_and_an_exit_code(Exception exception, int code)
    {
        using var errors = new StringWriter();
        (await StartFaults.RunAsync(() => throw exception, errors)).ShouldBe(code);
        errors.ToString().ShouldStartWith("minion: ");
        errors.ToString().ShouldNotContain("   at ");
        errors.ToString().ShouldNotContain("Exception");
    }

    [Fact]
    public async Task A_start_that_succeeds_says_nothing()
    {
        using var errors = new StringWriter();
        (await StartFaults.RunAsync(() => Task.CompletedTask, errors)).ShouldBe(0);
        errors.ToString().ShouldBeEmpty();
    }

    private sealed class DatabaseError() : DbException("connection refused");
}
