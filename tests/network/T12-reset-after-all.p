# A reset with a wrong number, and nothing behind it but more of them: it was one.
events: session

open
hello
S RST ACK seq=1
S RST ACK seq=1 wait=1
wait 200

{"type": "session", "state": "reset", "from_start": true}
remark reset-doubted 2
sessions 1
