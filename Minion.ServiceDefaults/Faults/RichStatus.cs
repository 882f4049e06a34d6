using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Minion.Contracts.Faults;

namespace Minion.ServiceDefaults.Faults;

/// <summary>A failure as the richer error model has it: <c>google.rpc.Status</c> with ErrorInfo and BadRequest.</summary>
internal static class RichStatus
{
    // Clients take some 8 to 64 kB of trailers, base64 included: what would not fit is counted instead of said.
    private const int MostFieldBytes = 5_000;
    private const int MostTextCharacters = 1_000;
    private const int MostFieldCharacters = 300;

    public static RpcException ToException(FaultDescription fault) =>
        new(new Grpc.Core.Status(fault.Status, Cut(fault.Message)), new Metadata { { FaultDetails.TrailerName, ToBytes(fault) } });

    public static byte[] ToBytes(FaultDescription fault)
    {
        // The package calls field 1 Type; error_details.proto, and later versions of the package, call it reason.
        var info = new ErrorInfo { Type = fault.Reason, Domain = Fault.Domain };
        if (fault.Hint.Length > 0)
        {
            info.Metadata[FaultDetails.HintKey] = Cut(fault.Hint);
        }

        if (fault.ErrorId is not null)
        {
            info.Metadata[FaultDetails.ErrorIdKey] = fault.ErrorId;
        }

        var status = new Google.Rpc.Status { Code = (int)fault.Status, Message = Cut(fault.Message), Details = { Any.Pack(info) } };
        if (fault.Fields.Count > 0)
        {
            status.Details.Add(Any.Pack(Fields(fault.Fields)));
        }

        return status.ToByteArray();
    }

    public static string Cut(string text, int most = MostTextCharacters) =>
        text.Length <= most ? text : string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[most - 2]) ? most - 2 : most - 1), "…");

    private static BadRequest Fields(IReadOnlyList<FieldViolation> fields)
    {
        var request = new BadRequest();
        var bytes = 0;
        foreach (var (field, message) in fields)
        {
            var violation = new BadRequest.Types.FieldViolation
            {
                Field = Cut(field, MostFieldCharacters),
                Description = Cut(message, MostFieldCharacters),
            };
            bytes += violation.CalculateSize();
            if (bytes > MostFieldBytes)
            {
                var rest = fields.Count - request.FieldViolations.Count;
                request.FieldViolations.Add(new BadRequest.Types.FieldViolation { Field = "…", Description = $"{rest} more are wrong." });
                break;
            }

            request.FieldViolations.Add(violation);
        }

        return request;
    }
}
