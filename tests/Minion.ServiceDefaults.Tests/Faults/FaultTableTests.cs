using System.Data.Common;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Minion.Contracts.Faults;
using Minion.ServiceDefaults.Faults;

namespace Minion.ServiceDefaults.Tests.Faults;

public sealed class FaultTableTests
{
    private static readonly CallState Going = new(Cancelled: false, DeadlinePassed: false, Stopping: false);

    public static TheoryData<Exception, StatusCode, string> Known => new()
    {
        { Fault.NotFound("agent", "hello"), StatusCode.NotFound, "AGENT_NOT_FOUND" },
        { new DatabaseError("57P01"), StatusCode.Unavailable, "DATABASE_UNAVAILABLE" },
        { new DatabaseError("57P03"), StatusCode.Unavailable, "DATABASE_UNAVAILABLE" },
        { new DatabaseError("08006"), StatusCode.Unavailable, "DATABASE_UNAVAILABLE" },
        { new DatabaseError("53300"), StatusCode.Unavailable, "DATABASE_UNAVAILABLE" },
        { new DatabaseError("53100"), StatusCode.ResourceExhausted, "DISK_FULL" },
        { new DatabaseError("40001"), StatusCode.Aborted, "CONFLICT" },
        { new DatabaseError("40P01"), StatusCode.Aborted, "CONFLICT" },
        { new DatabaseError(state: null, isTransient: true), StatusCode.Unavailable, "DATABASE_UNAVAILABLE" },
        { new DatabaseError(state: null, inner: new IOException("reset")), StatusCode.Unavailable, "DATABASE_UNAVAILABLE" },
        { new InvalidOperationException("wrapped", new DatabaseError("57P01")), StatusCode.Unavailable, "DATABASE_UNAVAILABLE" },
        { new IOException("full", 28), StatusCode.ResourceExhausted, "DISK_FULL" },
        { new BadHttpRequestException("bad"), StatusCode.InvalidArgument, "INVALID_REQUEST" },
        { new RpcException(new Status(StatusCode.Unavailable, "down")), StatusCode.Unavailable, "UNAVAILABLE" },
    };

    [Theory]
    [MemberData(nameof(Known), DisableDiscoveryEnumeration = true)]
    public void What_a_caller_can_do_something_about_is_said(Exception exception, StatusCode status, string reason)
    {
        var fault = FaultTable.Describe(exception, Going).ShouldNotBeNull();
        fault.Status.ShouldBe(status);
        fault.Reason.ShouldBe(reason);
    }

    public static TheoryData<Exception> Unknown => new()
    {
        new InvalidOperationException("secret"),
        new DatabaseError("42P01"),
        new DatabaseError("23505"),
        new NullReferenceException(),
        new RpcException(new Status(StatusCode.Internal, "secret")),
        new RpcException(new Status(StatusCode.Unknown, "secret")),
        new OperationCanceledException(),
        new IOException("secret"),
    };

    [Theory]
    [MemberData(nameof(Unknown), DisableDiscoveryEnumeration = true)]
    public void Everything_else_is_for_the_log_only(Exception exception) => FaultTable.Describe(exception, Going).ShouldBeNull();

    [Theory]
    [InlineData(true, true, false, StatusCode.DeadlineExceeded)]
    [InlineData(true, false, false, StatusCode.Cancelled)]
    [InlineData(false, false, true, StatusCode.Unavailable)]
    [InlineData(true, false, true, StatusCode.Cancelled)]
    public void A_cancellation_is_named_after_its_cause(bool cancelled, bool deadlinePassed, bool stopping, StatusCode status) =>
        FaultTable.Describe(new TaskCanceledException(), new CallState(cancelled, deadlinePassed, stopping)).ShouldNotBeNull().Status.ShouldBe(status);

    [Fact]
    public void What_another_service_said_is_said_again_with_its_details()
    {
        var said = RichStatus.ToException(new FaultDescription(
            StatusCode.InvalidArgument, "INVALID_REQUEST", "name is missing", "Give one.", [new FieldViolation("name", "is missing")]));
        var again = FaultTable.Describe(said, Going).ShouldNotBeNull();
        again.Reason.ShouldBe("INVALID_REQUEST");
        again.Hint.ShouldBe("Give one.");
        again.Fields.ShouldBe([new FieldViolation("name", "is missing")]);
    }

    [Theory]
    [InlineData(StatusCode.InvalidArgument, 400)]
    [InlineData(StatusCode.Unauthenticated, 401)]
    [InlineData(StatusCode.PermissionDenied, 403)]
    [InlineData(StatusCode.NotFound, 404)]
    [InlineData(StatusCode.AlreadyExists, 409)]
    [InlineData(StatusCode.ResourceExhausted, 429)]
    [InlineData(StatusCode.Unavailable, 503)]
    [InlineData(StatusCode.DeadlineExceeded, 504)]
    [InlineData(StatusCode.Internal, 500)]
    public void Each_status_has_its_counterpart_in_http(StatusCode status, int http) =>
        new FaultDescription(status, "R", "m", "", []).HttpStatus.ShouldBe(http);

    [Fact]
    public void Details_stay_small_enough_for_a_trailer()
    {
        var fields = Enumerable.Range(0, 1_000).Select(i => new FieldViolation($"field{i}", new string('x', 5_000))).ToList();
        var bytes = RichStatus.ToBytes(new FaultDescription(StatusCode.InvalidArgument, "R", new string('m', 100_000), "h", fields));
        bytes.Length.ShouldBeLessThan(8 * 1024);
        var read = FaultDetails.From(new RpcException(new Status(StatusCode.InvalidArgument, ""), new Metadata { { FaultDetails.TrailerName, bytes } })).Fields;
        read.Count.ShouldBeGreaterThan(3);
        read[^1].Message.ShouldBe($"{1_000 - (read.Count - 1)} more are wrong.");
    }

    [Fact]
    public void Forty_ordinary_mistakes_fit()
    {
        var fields = Enumerable.Range(0, 40).Select(i => new FieldViolation($"agents[{i}].limits.max_steps", "must be a number from 1 to 1,000, not 'many'")).ToList();
        var bytes = RichStatus.ToBytes(new FaultDescription(StatusCode.InvalidArgument, "R", "m", "h", fields));
        FaultDetails.From(new RpcException(new Status(StatusCode.InvalidArgument, ""), new Metadata { { FaultDetails.TrailerName, bytes } }))
            .Fields.ShouldBe(fields);
    }

    [Fact]
    public void Details_that_cannot_be_read_are_none()
    {
        var exception = new RpcException(new Status(StatusCode.Internal, ""), new Metadata { { FaultDetails.TrailerName, [0xff, 0xff, 0xff] } });
        FaultDetails.From(exception).ShouldBe(FaultDetails.None);
        FaultDetails.From(new RpcException(new Status(StatusCode.Internal, ""))).ShouldBe(FaultDetails.None);
    }

    private sealed class DatabaseError(string? state, bool isTransient = false, Exception? inner = null) : DbException("secret", inner)
    {
        public override string? SqlState => state;

        public override bool IsTransient => isTransient;
    }
}
