using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Minion.Contracts.Callers;
using Minion.Contracts.Faults;
using Minion.Contracts.Models.V1;
using Minion.Data.Notifications;
using Minion.Models.Money;
using Minion.ServiceDefaults.Callers;
using Stored = Minion.Models.Money.Budget;

namespace Minion.Models.Api;

/// <summary>Budgets over gRPC.</summary>
internal sealed class BudgetService(BudgetStore store, BudgetCache cache, DatabaseNotifications notifications)
    : Minion.Contracts.Models.V1.BudgetService.BudgetServiceBase
{
    private const int MostUses = 100;

    public override async Task<SetBudgetResponse> SetBudget(SetBudgetRequest request, ServerCallContext context)
    {
        var tenant = Administrator(context.GetCaller());
        var stored = await store.SetAsync(tenant, BudgetRequests.Read(request.Budget), context.CancellationToken);
        Tell(tenant);
        return new SetBudgetResponse { Budget = await OneAsync(context.GetCaller(), stored.Id, context.CancellationToken) };
    }

    public override async Task<GetBudgetResponse> GetBudget(GetBudgetRequest request, ServerCallContext context) =>
        new() { Budget = await OneAsync(context.GetCaller(), BudgetRequests.Id(request.Id), context.CancellationToken) };

    public override async Task<ListBudgetsResponse> ListBudgets(ListBudgetsRequest request, ServerCallContext context) =>
        new() { Budgets = { await AllAsync(context.GetCaller(), context.CancellationToken) } };

    public override async Task<DeleteBudgetResponse> DeleteBudget(DeleteBudgetRequest request, ServerCallContext context)
    {
        var tenant = Administrator(context.GetCaller());
        var id = BudgetRequests.Id(request.Id);
        if (!await store.DeleteAsync(tenant, id, context.CancellationToken))
        {
            throw Missing(id);
        }

        Tell(tenant);
        return new DeleteBudgetResponse();
    }

    private static string Administrator(Caller caller) => caller.RequireAdministrator("change budgets").Tenant;

    private static Fault Missing(Guid id) => Fault.NotFound("budget", id.ToString(), "ListBudgets gives the ids.");

    /// <summary>So that the next call keeps to it, here and in the other processes.</summary>
    private void Tell(string tenant)
    {
        cache.Forget(tenant);
        notifications.Publish(BudgetCache.Channel, tenant);
    }

    private async Task<Contracts.Models.V1.Budget> OneAsync(Caller caller, Guid id, CancellationToken cancellationToken) =>
        (await AllAsync(caller, cancellationToken)).FirstOrDefault(b => b.Id == id.ToString()) ?? throw Missing(id);

    private async Task<IReadOnlyList<Contracts.Models.V1.Budget>> AllAsync(Caller caller, CancellationToken cancellationToken) =>
    [
        .. (await store.StatesAsync(caller.Tenant, cancellationToken)).GroupBy(s => s.Budget.Id)
            .Select(g => ToWire(caller, g.First().Budget, [.. g.Where(s => s.Used != 0 || s.Reserved != 0).Take(MostUses)])),
    ];

    private static Contracts.Models.V1.Budget ToWire(Caller caller, Stored budget, IReadOnlyList<BudgetState> states) => new()
    {
        Id = budget.Id.ToString(),
        Scope = (Contracts.Models.V1.BudgetScope)budget.Scope,
        Subject = budget.Subject,
        Unit = (Contracts.Models.V1.BudgetUnit)budget.Unit,
        Period = (Contracts.Models.V1.BudgetPeriod)budget.Period,
        Amount = Numbers.Text(budget.Amount),
        Soft = !budget.Hard,
        // Such an address is often a secret itself.
        WebhookUrl = caller.May(AdministratorExtensions.Permission) ? budget.WebhookUrl : "",
        Uses =
        {
            states.Select(s => new BudgetUse
            {
                Subject = s.Subject,
                Used = Numbers.Text(s.Used),
                Reserved = Numbers.Text(s.Reserved),
                PeriodStartsAt = new DateTimeOffset(s.StartsOn, default, TimeSpan.Zero).ToTimestamp(),
                PeriodEndsAt = Periods.End(budget.Period, s.StartsOn)?.ToTimestamp(),
            }),
        },
    };
}
