using Google.Protobuf;
using Google.Rpc;
using Grpc.Core;

namespace Minion.Contracts.Faults;

/// <summary>
/// What a failed call says beyond its status and message: read from <c>grpc-status-details-bin</c>, the <c>google.rpc.Status</c> of
/// the richer error model (https://cloud.google.com/apis/design/errors).
/// </summary>
/// <param name="Reason">Machine-readable, for example <c>AGENT_NOT_FOUND</c>; empty when the server said none.</param>
/// <param name="Hint">What to do about it; may be empty.</param>
/// <param name="Fields">All fields that are wrong; empty unless the request was invalid.</param>
/// <param name="ErrorId">Finds the failure in the server's log; empty unless something went wrong inside the server.</param>
public sealed record FaultDetails(string Reason, string Hint, IReadOnlyList<FieldViolation> Fields, string ErrorId)
{
    /// <summary>The trailer that carries the details.</summary>
    public const string TrailerName = "grpc-status-details-bin";

    /// <summary>The key of the hint in <c>ErrorInfo.metadata</c>.</summary>
    public const string HintKey = "hint";

    /// <summary>The key of the error id in <c>ErrorInfo.metadata</c>.</summary>
    public const string ErrorIdKey = "error_id";

    /// <summary>No details at all: what a server that is not Minion, or none, gives.</summary>
    public static FaultDetails None { get; } = new("", "", [], "");

    /// <summary>Reads the details of a failed call; <see cref="None"/> when it carries none or they cannot be read.</summary>
    public static FaultDetails From(RpcException exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        var trailer = exception.Trailers.FirstOrDefault(entry => entry.Key == TrailerName);
        return trailer is null ? None : From(trailer.ValueBytes);
    }

    private static FaultDetails From(byte[] trailer)
    {
        try
        {
            var status = Google.Rpc.Status.Parser.ParseFrom(trailer);
            var info = Find<ErrorInfo>(status) ?? new ErrorInfo();
            var request = Find<BadRequest>(status) ?? new BadRequest();
            return new FaultDetails(
                info.Type, // the field that later versions of the package call Reason
                info.Metadata.GetValueOrDefault(HintKey, ""),
                [.. request.FieldViolations.Select(v => new FieldViolation(v.Field, v.Description))],
                info.Metadata.GetValueOrDefault(ErrorIdKey, ""));
        }
        catch (InvalidProtocolBufferException)
        {
            return None;
        }
    }

    private static T? Find<T>(Google.Rpc.Status status)
        where T : class, IMessage<T>, new() =>
        status.Details.Select(detail => detail.TryUnpack<T>(out var found) ? found : null).FirstOrDefault(found => found is not null);
}
