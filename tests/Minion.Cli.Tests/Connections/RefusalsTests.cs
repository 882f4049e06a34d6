using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Minion.Cli.Connections;
using Minion.Cli.Costs;
using Minion.Contracts.Faults;
using Status = Grpc.Core.Status;

namespace Minion.Cli.Tests.Connections;

public sealed class RefusalsTests
{
    private const string Address = "http://127.0.0.1:5081";

    [Theory]
    [InlineData(StatusCode.Unavailable, ExitCodes.Unreachable, "No Minion server answers at http://127.0.0.1:5081.", "./minion up")]
    [InlineData(StatusCode.DeadlineExceeded, ExitCodes.Unreachable, "did not answer in time", "try again")]
    [InlineData(StatusCode.Unauthenticated, ExitCodes.Refused, "no key", "MINION_API_KEY")]
    [InlineData(StatusCode.PermissionDenied, ExitCodes.Refused, "no key", "a key that may")]
    [InlineData(StatusCode.Unimplemented, ExitCodes.Refused, "does not have that call", "minion version")]
    [InlineData(StatusCode.Internal, ExitCodes.Refused, "no key", "minion logs")]
    [InlineData(StatusCode.NotFound, ExitCodes.Refused, "no key", "")]
    public void A_status_is_a_sentence_with_what_to_do(StatusCode status, int exitCode, string message, string hint)
    {
        var failure = Refusals.Explain(new RpcException(new Status(status, "no key")), Address);

        failure.ExitCode.ShouldBe(exitCode);
        failure.Message.ShouldContain(message);
        failure.Hint.ShouldContain(hint);
    }

    [Fact]
    public void A_server_elsewhere_is_not_to_be_started_here() =>
        Refusals.Explain(new RpcException(new Status(StatusCode.Unavailable, "")), "http://10.1.2.3:5081").Hint.ShouldNotContain("./minion up");

    [Fact]
    public void What_the_server_says_itself_wins()
    {
        var failure = Refusals.Explain(Rich(StatusCode.Unavailable, "DATABASE_UNAVAILABLE", "The database does not answer.", "Call again."), Address);

        failure.ExitCode.ShouldBe(ExitCodes.Refused);
        failure.Kind.ShouldBe("database_unavailable");
        failure.Message.ShouldBe("The database does not answer.");
        failure.Hint.ShouldBe("Call again.");
    }

    [Fact]
    public async Task All_fields_that_are_wrong_are_told_one_per_line()
    {
        using var test = new TestTerminal();
        var exception = Rich(StatusCode.InvalidArgument, "INVALID_CLUSTER", "2 errors", "Correct them.", ("c.yaml:3:5 agents[0].nmae", "unknown key; did you mean name?"), ("c.yaml:9:1 models", "is missing"));

        Minion.Cli.Output.FailureOutput.Write(test.Terminal, Refusals.Explain(exception, Address), json: false);
        await Task.CompletedTask;

        test.Error.ShouldBe("c.yaml:3:5 agents[0].nmae: unknown key; did you mean name?\nc.yaml:9:1 models: is missing\nCorrect them.\n");
    }

    [Fact]
    public void What_is_wrong_with_a_budget_is_told_by_the_names_of_the_command()
    {
        var refused = Rich(
            StatusCode.InvalidArgument, "INVALID_REQUEST", "budget.webhook_url: must be an address.", "Correct the named fields and send the request again.",
            ("budget.webhook_url", "must be an address."));

        var failure = CostRefusals.Explain(refused, "minion budget set").ShouldNotBeNull();

        failure.Message.ShouldBe("--webhook: must be an address.");
        failure.Fields.ShouldHaveSingleItem().Field.ShouldBe("--webhook");
        failure.Hint.ShouldBe("minion budget set --help says what is allowed.");
    }

    [Fact]
    public void A_budget_that_is_not_there_leads_to_the_list()
    {
        var failure = CostRefusals.Explain(Rich(StatusCode.NotFound, "BUDGET_NOT_FOUND", "There is none.", "ListBudgets gives the ids."), "minion budget rm").ShouldNotBeNull();

        (failure.Message, failure.Hint).ShouldBe(("There is none.", "minion budget list shows the ids."));
        CostRefusals.Explain(Rich(StatusCode.Unavailable, "DATABASE_UNAVAILABLE", "", ""), "minion budget rm").ShouldBeNull();
    }

    [Theory]
    [InlineData(StatusCode.Unavailable, "", true)]
    [InlineData(StatusCode.Unavailable, "SERVER_STOPPING", true)]
    [InlineData(StatusCode.Internal, "", true)]
    [InlineData(StatusCode.Cancelled, "", true)]
    [InlineData(StatusCode.Internal, "INTERNAL", false)]
    [InlineData(StatusCode.NotFound, "RUN_NOT_FOUND", false)]
    [InlineData(StatusCode.InvalidArgument, "", false)]
    public void A_broken_connection_is_tried_again_and_a_refusal_is_not(StatusCode status, string reason, bool expected) =>
        Refusals.MayPass(reason.Length == 0 ? new RpcException(new Status(status, "")) : Rich(status, reason, "", "")).ShouldBe(expected);

    public static TheoryData<string, Exception> Causes => new()
    {
        { "not_grpc", new HttpRequestException("", new HttpProtocolException(0xd, "", null)) },
        { "not_grpc", new HttpRequestException("", new HttpProtocolException(0x1, "", null)) },
        { "not_grpc", new HttpRequestException("", new IOException("the server did not complete the HTTP/2 handshake.")) },
        { "lost", new HttpRequestException("", new HttpProtocolException(0x2, "", null)) },
        { "lost", new IOException("The response ended prematurely.") },
    };

    [Theory]
    [MemberData(nameof(Causes))]
    public void A_connection_that_is_none_or_breaks_is_no_refusal(string kind, Exception cause)
    {
        var failure = Refusals.Explain(new RpcException(new Status(StatusCode.Internal, "", cause)), Address);

        failure.Kind.ShouldBe(kind);
        failure.ExitCode.ShouldBe(ExitCodes.Unreachable);
    }

    private static RpcException Rich(StatusCode status, string reason, string message, string hint, params (string Field, string Message)[] fields)
    {
        var info = new ErrorInfo { Type = reason, Domain = Fault.Domain, Metadata = { { FaultDetails.HintKey, hint } } };
        var bad = new BadRequest();
        bad.FieldViolations.AddRange(fields.Select(f => new BadRequest.Types.FieldViolation { Field = f.Field, Description = f.Message }));
        var details = new Google.Rpc.Status { Code = (int)status, Message = message, Details = { Any.Pack(info), Any.Pack(bad) } };
        return new RpcException(new Status(status, message), new Metadata { { FaultDetails.TrailerName, details.ToByteArray() } });
    }
}
