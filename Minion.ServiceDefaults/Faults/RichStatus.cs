using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Minion.Contracts.Faults;

namespace Minion.ServiceDefaults.Faults;

/// <summary>A failure as the richer error model has it: <c>google.rpc.Status</c> with ErrorInfo and BadRequest.</summary>
internal static class RichStatus
{
    // Trailers share HTTP/2's header limits with everything else: details that would not fit are cut.
    private const int MostFields = 50;
    private const int MostTextCharacters = 1_000;

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
            var request = new BadRequest();
            request.FieldViolations.AddRange(fault.Fields.Take(MostFields).Select(f => new BadRequest.Types.FieldViolation
            {
                Field = Cut(f.Field),
                Description = Cut(f.Message),
            }));
            status.Details.Add(Any.Pack(request));
        }

        return status.ToByteArray();
    }

    public static string Cut(string text) => text.Length <= MostTextCharacters ? text : string.Concat(text.AsSpan(0, MostTextCharacters - 1), "…");
}
