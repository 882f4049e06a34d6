DROP TABLE orchestration.queue_items, orchestration.barrier_arrivals, orchestration.barriers, orchestration.semaphore_places, orchestration.semaphores,
  orchestration.subscriptions, orchestration.deliveries, orchestration.lanes, orchestration.messages;
DROP SEQUENCE orchestration.fences;
