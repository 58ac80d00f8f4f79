# user: configure, write, read. Provisions everything of shop and mail, once at deployment.
rabbitmqctl set_permissions keeper '^(shop|mail|waybill)[.:].*' '^(shop|mail|waybill)[.:].*' '^(shop|mail|waybill)[.:].*'

# Sends commands and requests: its own reply inbox, and the default exchange.
rabbitmqctl set_permissions customer '^waybill\.reply\..*' '^(amq\.default|waybill\.reply\..*)$' '^waybill\.reply\..*'

# Handles shop.place, publishes shop.placed. Retries go to the delay exchange; dead letters and replies to the default exchange.
rabbitmqctl set_permissions shop '^$' '^(amq\.default|waybill\.delay|shop\.placed)$' '^(shop\.place|waybill\.undelivered)$'

# Subscribes to shop.placed.
rabbitmqctl set_permissions mail '^$' '^(amq\.default|waybill\.delay)$' '^(shop\.placed@mail|waybill\.undelivered)$'

# Lists, replays and discards the dead letters of shop.
rabbitmqctl set_permissions clerk '^$' '^amq\.default$' '^shop:dead-letters$'
